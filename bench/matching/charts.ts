/** Charts as SVG: bars on a logarithmic scale, and lines on two. Colours are the tokens of the house; each chart stands beside its table. */
export type Chart =
  | { kind: 'bars'; unit: string; bars: { label: string; value: number; ours?: boolean; projected?: boolean }[] }
  | { kind: 'lines'; x: string; y: string; series: { name: string; points: [x: number, y: number][] }[] }

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (each) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[each]!)

const tick = (value: number): string =>
  value >= 1e6 ? `${value / 1e6} M` : value >= 1000 ? value.toLocaleString('en') : String(Number(value.toPrecision(1)))
const exact = (value: number): string => (value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3))

/** Powers of ten from below the least to above the greatest. */
function decades(values: readonly number[]): { low: number; high: number; marks: number[] } {
  const positive = values.filter((value) => value > 0)
  const low = Math.floor(Math.log10(Math.min(...positive)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...positive))))
  const step = Math.ceil((high - low) / 6)
  return { low, high, marks: Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => low + i * step) }
}

export function drawChart(chart: Chart, title: string): string {
  return chart.kind === 'bars' ? drawBars(chart, title) : drawLines(chart, title)
}

const width = 640

const frame = (height: number, title: string, body: string): string =>
  `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">${body}</svg>`

function drawBars({ bars, unit }: Chart & { kind: 'bars' }, title: string): string {
  const { low, high, marks } = decades(bars.map(({ value }) => value))
  const [left, right, row] = [8, 90, 40]
  const x = (value: number): number => left + ((Math.log10(value) - low) / (high - low)) * (width - left - right)
  const height = bars.length * row + 28
  const grid = marks
    .map((mark) => {
      const at = x(10 ** mark)
      return `<line class="grid" x1="${at}" x2="${at}" y1="0" y2="${height - 22}"/><text class="soft" x="${at}" y="${height - 6}" text-anchor="${mark === low ? 'start' : 'middle'}">${tick(10 ** mark)} ${unit}</text>`
    })
    .join('')
  const drawn = bars
    .toSorted((a, b) => a.value - b.value)
    .map(({ label, value, ours, projected }, i) => {
      const y = i * row
      const kind = `bar${ours ? ' ours' : ''}${projected ? ' projected' : ''}`
      return `<text x="${left}" y="${y + 14}">${escapeHtml(label)}${projected ? ' <tspan class="soft">(projected)</tspan>' : ''}</text><rect class="${kind}" x="${left}" y="${y + 19}" width="${Math.max(2, x(value) - left)}" height="13" rx="2"/><text class="value" x="${Math.max(2, x(value) - left) + left + 6}" y="${y + 30}">${exact(value)} ${unit}</text>`
    })
    .join('')
  return frame(height, `${title}, logarithmic scale`, grid + drawn)
}

function drawLines({ series, x: xName, y: yName }: Chart & { kind: 'lines' }, title: string): string {
  const points = series.flatMap((each) => each.points)
  const [xs, ys] = [decades(points.map(([x]) => x)), decades(points.map(([, y]) => y))]
  const height = 360
  const area = { left: 64, top: 16, right: width - 24, bottom: height - 74 }
  const atX = (value: number): number => area.left + ((Math.log10(value) - xs.low) / (xs.high - xs.low)) * (area.right - area.left)
  const atY = (value: number): number => area.bottom - ((Math.log10(value) - ys.low) / (ys.high - ys.low)) * (area.bottom - area.top)
  const grid = [
    ...xs.marks.map(
      (mark) =>
        `<line class="grid" x1="${atX(10 ** mark)}" x2="${atX(10 ** mark)}" y1="${area.top}" y2="${area.bottom}"/><text class="soft" x="${atX(10 ** mark)}" y="${area.bottom + 18}" text-anchor="middle">${tick(10 ** mark)}</text>`,
    ),
    ...ys.marks.map(
      (mark) =>
        `<line class="grid" x1="${area.left}" x2="${area.right}" y1="${atY(10 ** mark)}" y2="${atY(10 ** mark)}"/><text class="soft" x="${area.left - 6}" y="${atY(10 ** mark) + 4}" text-anchor="end">${tick(10 ** mark)} ${yName}</text>`,
    ),
    `<text class="soft" x="${area.right}" y="${area.bottom + 34}" text-anchor="end">${escapeHtml(xName)}</text>`,
  ].join('')
  const lines = series
    .map(({ name, points: of }, i) => {
      const path = of.map(([x, y]) => `${atX(x).toFixed(1)},${atY(y).toFixed(1)}`).join(' ')
      const dots = of.map(([x, y]) => `<circle class="dot line-${i}" cx="${atX(x)}" cy="${atY(y)}" r="4"/>`).join('')
      const legend = 8 + i * 210
      return `<polyline class="line line-${i}" points="${path}"/>${dots}<line class="line line-${i}" x1="${legend}" x2="${legend + 24}" y1="${height - 14}" y2="${height - 14}"/><text x="${legend + 30}" y="${height - 9}">${escapeHtml(name)}</text>`
    })
    .join('')
  return frame(height, `${title}, logarithmic scales`, grid + lines)
}
