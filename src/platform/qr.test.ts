import fc from 'fast-check'
import jsqr from 'jsqr'
import { describe, expect, it } from 'vitest'
import { darkRuns, qrMatrix, qrPath, quietZone, type QrMatrix } from './qr.ts'

/** As a camera would see it: four pixels a module, a quiet zone around. */
function read(matrix: QrMatrix, scale = 4): string | undefined {
  const side = (matrix.length + 2 * quietZone) * scale
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255)
  for (const { x, y, width } of darkRuns(matrix))
    for (let py = (y + quietZone) * scale; py < (y + 1 + quietZone) * scale; py++)
      for (let px = (x + quietZone) * scale; px < (x + width + quietZone) * scale; px++)
        pixels.fill(0, (py * side + px) * 4, (py * side + px) * 4 + 3)
  return jsqr(pixels, side, side)?.data
}

describe('二维码', () => {
  it('画出来能读回原文', () => {
    const text = 'https://hengqi.example/i/k7m2p9x4q6wz'
    expect(qrMatrix(text)).toHaveLength(29)
    expect(read(qrMatrix(text))).toBe(text)
    expect(read(qrMatrix('压力表 A-001'))).toBe('压力表 A-001')
  })

  it('任意网址都能读回', () => {
    fc.assert(
      fc.property(
        fc.webUrl({ size: 'small' }).filter((url) => url.length < 200),
        (url) => {
          expect(read(qrMatrix(url), 3)).toBe(url)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('磨损一角仍能读', () => {
    const text = 'https://hengqi.example/i/k7m2p9x4q6wz'
    const worn = qrMatrix(text).map((row, y) => row.map((dark, x) => (y > 20 && x > 24 ? false : dark)))
    expect(read(worn)).toBe(text)
  })

  it('每个深色模块画一次，浅色的不画', () => {
    const matrix = qrMatrix('x')
    const drawn = matrix.map((row) => row.map(() => 0))
    for (const { x, y, width } of darkRuns(matrix)) for (let i = 0; i < width; i++) drawn[y]![x + i]!++
    expect(drawn).toEqual(matrix.map((row) => row.map(Number)))
    expect(qrPath([[true, true, false, true]])).toBe('M0 0h2v1h-2zM3 0h1v1h-1z')
  })
})
