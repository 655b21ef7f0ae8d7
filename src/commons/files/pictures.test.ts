import { crc32, deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withoutMetadata } from './pictures.ts'

const bytes = (...parts: (string | readonly number[] | Uint8Array)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))))
const be16 = (n: number) => [n >> 8, n & 255]

const segment = (marker: number, ...content: Parameters<typeof bytes>) => {
  const body = bytes(...content)
  return bytes([0xff, marker], be16(body.length + 2), body)
}
/** Exif in the order of the machine, with an orientation and a place. */
const exif = (orientation: number, little = false) => {
  const n16 = (n: number) => (little ? [n & 255, n >> 8] : be16(n))
  const n32 = (n: number) => (little ? [...n16(n & 0xffff), ...n16(n >> 16)] : [...n16(n >> 16), ...n16(n & 0xffff)])
  return segment(
    0xe1,
    'Exif\0\0',
    little ? 'II' : 'MM',
    n16(42),
    n32(8),
    n16(2),
    [...n16(0x8825), ...n16(4), ...n32(1), ...n32(60)],
    [...n16(0x0112), ...n16(3), ...n32(1), ...n16(orientation), 0, 0],
    n32(0),
    'GPS 30.2741N 120.1551E',
  )
}
const scan = bytes([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0], [0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56, 0xff, 0x00])
const jfif = segment(0xe0, 'JFIF\0', [1, 1, 0, 0, 1, 0, 1, 0, 0])
const table = segment(0xdb, [0, ...Array.from({ length: 64 }, () => 1)])
const photo = (...extra: Uint8Array[]) =>
  bytes([0xff, 0xd8], jfif, ...extra, table, segment(0xc0, [8, 0, 1, 0, 1, 1, 1, 0x11, 0]), scan, [0xff, 0xd9])

describe('照片只留画面', () => {
  it('JPEG：位置、时间、缩略图、说明、片尾的小视频都不留，色彩信息留下', () => {
    const icc = segment(0xe2, 'ICC_PROFILE\0', [1, 1], 'profile')
    const given = bytes(
      photo(
        exif(1),
        segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0<gps/>'),
        icc,
        segment(0xe2, 'MPF\0', 'second'),
        segment(0xed, 'IPTC'),
        segment(0xfe, '拍于车间'),
      ),
      'ftypmp42 motion photo',
    )
    const clean = Buffer.from(withoutMetadata(given)!)
    expect(clean.equals(photo(icc))).toBe(true)
    for (const left of ['GPS', 'Exif', 'adobe', 'MPF', 'IPTC', 'ftyp']) expect(clean.includes(left)).toBe(false)
  })

  it('JPEG：竖着拍的还是竖的，除方向外的 Exif 不留', () => {
    for (const little of [false, true]) {
      const clean = Buffer.from(withoutMetadata(photo(exif(6, little)))!)
      expect(clean.includes('Exif')).toBe(true)
      expect(clean.includes('GPS')).toBe(false)
      // Read back by the same reader: the segment that is written is one.
      expect(Buffer.from(withoutMetadata(clean)!).equals(clean)).toBe(true)
      expect(clean.indexOf(Buffer.from([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6]))).toBeGreaterThan(0)
    }
  })

  it('JPEG：多次扫描的（渐进式）完整保留', () => {
    const progressive = bytes([0xff, 0xd8], jfif, table, scan, segment(0xc4, [0, 1, 2]), scan, [0xff, 0xd9])
    expect(Buffer.from(withoutMetadata(progressive)!).equals(progressive)).toBe(true)
  })

  const chunk = (name: string, content: Uint8Array = new Uint8Array()) => {
    const body = bytes(name, content)
    const tail = Buffer.alloc(8)
    tail.writeUInt32BE(crc32(body), 4)
    const head = Buffer.alloc(4)
    head.writeUInt32BE(content.length)
    return bytes(head, body, tail.subarray(4))
  }
  const signature = bytes([0x89], 'PNG\r\n', [0x1a, 0x0a])
  const header = chunk('IHDR', bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]))
  const data = chunk('IDAT', deflateSync(Buffer.from([0, 0])))
  const end = chunk('IEND')

  it('PNG：文字、时间、Exif 不留，透明和色彩留下', () => {
    const given = bytes(
      signature,
      header,
      chunk('gAMA', bytes([0, 0, 1, 1])),
      chunk('tEXt', bytes('Author\0x')),
      chunk('eXIf', bytes('GPS')),
      chunk('tIME', bytes('x')),
      data,
      end,
      'tail',
    )
    expect(Buffer.from(withoutMetadata(given)!).equals(bytes(signature, header, chunk('gAMA', bytes([0, 0, 1, 1])), data, end))).toBe(true)
  })

  it('WebP：EXIF 和 XMP 不留，标志位也清掉', () => {
    const piece = (name: string, content: Uint8Array) => {
      const size = Buffer.alloc(4)
      size.writeUInt32LE(content.length)
      return bytes(name, size, content, content.length % 2 ? [0] : [])
    }
    const whole = (...pieces: Uint8Array[]) => {
      const body = bytes('WEBP', ...pieces)
      const size = Buffer.alloc(4)
      size.writeUInt32LE(body.length)
      return bytes('RIFF', size, body)
    }
    const extended = (flags: number) => piece('VP8X', bytes([flags, 0, 0, 0, 0, 0, 0, 0, 0, 0]))
    const image = piece('VP8L', bytes('abc'))
    const given = whole(extended(0x1c), image, piece('EXIF', bytes('GPS')), piece('XMP ', bytes('gps!')))
    expect(Buffer.from(withoutMetadata(given)!).equals(whole(extended(0x10), image))).toBe(true)
  })

  it('不是图片的、断了的，说不是，不出错', () => {
    expect(withoutMetadata(Buffer.from('MZ this is a program'))).toBeUndefined()
    expect(withoutMetadata(new Uint8Array())).toBeUndefined()
    for (const whole of [photo(exif(6)), bytes(signature, header, data, end)])
      for (let length = 0; length < whole.length; length += 3) expect(withoutMetadata(whole.subarray(0, length))).toBeUndefined()
    fc.assert(
      fc.property(
        fc.constantFrom(photo(exif(3)), bytes(signature, header, data, end)),
        fc.uint8Array({ minLength: 1, maxLength: 30 }),
        fc.nat(200),
        (whole, noise, at) => {
          const broken = Buffer.from(whole)
          broken.set(noise.subarray(0, Math.max(0, broken.length - at)), Math.min(at, broken.length))
          withoutMetadata(broken)
        },
      ),
    )
  })
})
