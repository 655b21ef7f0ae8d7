import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cut, drawQr, line, mm, newPdf, roomIn } from './pdf.server.ts'
import { qrMatrix } from './qr.ts'

const made = async (draw: (pdf: ReturnType<typeof newPdf>) => void, now = '2026-11-24T01:00:00.000Z') => {
  const pdf = newPdf({ title: '标签', now, size: { width: 60, height: 40 } })
  const chunks: Buffer[] = []
  const done = (async () => {
    for await (const chunk of pdf) chunks.push(chunk as Buffer)
  })()
  pdf.addPage()
  draw(pdf)
  pdf.end()
  await done
  return Buffer.concat(chunks)
}
const label = (pdf: ReturnType<typeof newPdf>) => {
  line(pdf, '精密压力表 A-001', { x: 5, y: 5, width: 100, size: 9 })
  drawQr(pdf, qrMatrix('https://hengqi.example/i/abc'), { x: 10, y: 20, side: mm(20) })
}

describe('PDF', () => {
  it('中文字体只带用到的字；同样的内容、同样的时刻，逐字节相同', async () => {
    const one = await made(label)
    expect(one.subarray(0, 8).toString()).toBe('%PDF-1.7')
    expect(one.toString('latin1')).toContain('NotoSansSC')
    expect(one.length).toBeLessThan(40_000)
    expect((await made(label)).equals(one)).toBe(true)
    expect((await made(label, '2026-11-25T01:00:00.000Z')).equals(one)).toBe(false)
  })

  it('放不下的字先缩小，缩到底再截断', async () => {
    await made((pdf) => {
      const at = (text: string, width: number) => line(pdf, text, { x: 0, y: 0, width, size: 10, least: 6 })
      expect(at('压力表', 100)).toBe(10)
      expect(at('压力表', 24)).toBeCloseTo(8, 1)
      expect(at('精密压力表（一等标准）', 24)).toBe(6)
      expect(line(pdf, '', { x: 0, y: 0, width: 10, size: 10 })).toBe(10)
    })
  })

  it('截断后一定放得下、不切开一个字，放得下的不动', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-composite' }), fc.nat(20), (text, room) => {
        const fits = (part: string) => [...part].length <= Math.max(1, room)
        const shown = cut(text, fits)
        if (fits(text)) {
          expect(shown).toBe(text)
          return
        }
        expect(fits(shown)).toBe(true)
        expect(shown.endsWith('…')).toBe(true)
        expect(text.startsWith(shown.slice(0, -1))).toBe(true)
        expect(shown.isWellFormed()).toBe(text.isWellFormed())
      }),
    )
  })

  it('读的人走了就停笔', async () => {
    const pdf = newPdf({ title: '长', now: '2026-11-24T01:00:00.000Z' })
    pdf.addPage()
    expect(await roomIn(pdf)).toBe(true)
    ;(pdf as unknown as { destroy(): void }).destroy()
    expect(await roomIn(pdf)).toBe(false)
  })
})
