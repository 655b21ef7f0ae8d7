/** Keys are UUID version 7: made by the application, in the order of their making. */
let last = 0n

/** RFC 9562 version 7, monotonic within the process. */
export const uuidv7 = (): string => {
  const random = crypto.getRandomValues(new Uint8Array(10))
  const now = BigInt(Date.now()) << 12n
  // The 12 bits after the time count up when several are made in one millisecond.
  last = now > last ? now | BigInt(((random[0]! << 8) | random[1]!) & 0x3ff) : last + 1n
  const time = (last >> 12n).toString(16).padStart(12, '0')
  const count = (last & 0xfffn).toString(16).padStart(3, '0')
  const tail = Array.from(random.subarray(2), (byte, i) => (i === 0 ? (byte & 0x3f) | 0x80 : byte).toString(16).padStart(2, '0')).join('')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${tail.slice(0, 4)}-${tail.slice(4)}`
}
