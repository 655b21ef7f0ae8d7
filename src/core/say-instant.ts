/** An instant as people read it. */
const shanghai = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
})

/** `2026-11-23 09:05`, Asia/Shanghai wherever the reader is. */
export const sayInstant = (at: string): string => {
  const part = Object.fromEntries(shanghai.formatToParts(new Date(at)).map((p) => [p.type, p.value]))
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}`
}
