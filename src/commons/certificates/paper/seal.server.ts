/** A picture of a seal for the demo. It says on itself that it is none; a real one is put there by a certified provider. */
import { mm, type Pdf } from '../../../platform/pdf.server.ts'

const red = '#c8102e'
const radius = 20

/** Centre in millimetres. */
export function drawSeal(pdf: Pdf, name: string, { x, y }: { x: number; y: number }): void {
  pdf.save().strokeColor(red, 0.85).fillColor(red, 0.85)
  pdf.circle(mm(x), mm(y), mm(radius)).lineWidth(2.4).stroke()
  star(pdf, x, y - 1, 6)
  arc(pdf, name, x, y)
  const text = '演示·无效'
  pdf.fontSize(10)
  pdf.text(text, mm(x) - pdf.widthOfString(text) / 2, mm(y + 9), { lineBreak: false })
  pdf.restore()
}

function star(pdf: Pdf, x: number, y: number, size: number): void {
  const points = Array.from({ length: 10 }, (_, i) => {
    const angle = (Math.PI / 5) * i - Math.PI / 2
    const length = i % 2 === 0 ? size : size * 0.382
    return [mm(x + length * Math.cos(angle)), mm(y + length * Math.sin(angle))] as [number, number]
  })
  pdf.polygon(...points).fill(red)
  pdf.fillColor(red, 0.85)
}

/** One character after the other along the upper three quarters of the rim. */
function arc(pdf: Pdf, text: string, x: number, y: number): void {
  const characters = [...text]
  const span = Math.min(250, characters.length * 21)
  const step = characters.length > 1 ? span / (characters.length - 1) : 0
  const size = Math.min(12, 190 / characters.length)
  pdf.fontSize(size)
  for (const [i, character] of characters.entries()) {
    const turn = -span / 2 + i * step
    pdf.save().rotate(turn, { origin: [mm(x), mm(y)] })
    pdf.text(character, mm(x) - pdf.widthOfString(character) / 2, mm(y - radius + 1.8), { lineBreak: false })
    pdf.restore()
  }
}
