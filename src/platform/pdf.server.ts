/** PDF documents with Chinese text: labels, directories, certificates. A thin layer over pdfkit; what is drawn is the caller's business. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import PDFDocument from 'pdfkit'
import { darkRuns, type QrMatrix } from './qr.ts'

export type Pdf = PDFKit.PDFDocument

/** Millimetres in PDF points. */
export const mm = (millimetres: number): number => (millimetres * 72) / 25.4

export const a4 = { width: 210, height: 297 } as const

// Noto Sans SC (SIL Open Font License 1.1): GB/T 2312, GBK and the common characters of GB 18030. Only the glyphs in use are embedded.
const fontFile = createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf')
let font: Buffer | undefined

export interface PdfOptions {
  title: string
  /** ISO instant: the same content at the same instant is the same file, byte for byte. */
  now: string
  /** Of every page, in millimetres. */
  size?: { width: number; height: number }
  /** Keeps every page until the end, so that each can say of how many it is one. */
  numbered?: boolean
}

/** An empty document, without a page yet. It is a stream of bytes; `end()` finishes it. Lengths are points from the upper left corner. */
export function newPdf({ title, now, size = a4, numbered = false }: PdfOptions): Pdf {
  font ??= readFileSync(fontFile)
  return new PDFDocument({
    size: [mm(size.width), mm(size.height)],
    margin: 0,
    autoFirstPage: false,
    bufferPages: numbered,
    font: font as never,
    lang: 'zh-CN',
    displayTitle: true,
    pdfVersion: '1.7',
    info: { Title: title, Creator: '衡企', Producer: '衡企', CreationDate: new Date(now), ModDate: new Date(now) },
  })
}

interface Line {
  x: number
  y: number
  width: number
  /** Points; shrinks down to `least` before the text is cut with …. */
  size: number
  least?: number
  align?: 'left' | 'right' | 'center'
}

/** One line of text in a given width: shrunk first, then cut. `y` is the top of the line. Gives the size in which it was set. */
export function line(pdf: Pdf, text: string, { x, y, width, size, least = size, align = 'left' }: Line): number {
  const at = Math.max(least, Math.min(size, (size * width) / Math.max(widthOf(pdf, text, size), 0.001)))
  const shown = cut(text, (part) => widthOf(pdf, part, at) <= width + 0.01)
  const free = width - widthOf(pdf, shown, at)
  pdf.text(shown, x + (align === 'right' ? free : align === 'center' ? free / 2 : 0), y, { lineBreak: false })
  return at
}

const widthOf = (pdf: Pdf, text: string, size: number): number => pdf.fontSize(size).widthOfString(text)

/** The longest beginning that fits, with … where something is missing. Never half a character. */
export function cut(text: string, fits: (text: string) => boolean): string {
  if (fits(text)) return text
  const characters = [...text]
  let [low, high] = [0, characters.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(`${characters.slice(0, middle).join('').trimEnd()}…`)) low = middle
    else high = middle - 1
  }
  return `${characters.slice(0, low).join('').trimEnd()}…`
}

/** A QR code `side` points wide, without its quiet zone, as one filled path in whole modules: no seams, few bytes. */
export function drawQr(pdf: Pdf, matrix: QrMatrix, { x, y, side }: { x: number; y: number; side: number }): void {
  pdf
    .save()
    .translate(x, y)
    .scale(side / matrix.length)
  pdf.addContent(
    `${darkRuns(matrix)
      .map((run) => `${run.x} ${run.y} ${run.width} 1 re`)
      .join(' ')} f`,
  )
  pdf.restore()
}

const most = 1_000_000

/**
 * Between two pages: lets others have their turn, and waits until the reader has taken what is ready, because pdfkit makes pages faster
 * than they are sent. False when the reader went away.
 */
export async function roomIn(pdf: Pdf): Promise<boolean> {
  const stream = pdf as unknown as NodeJS.ReadableStream & { readableLength: number; destroyed: boolean }
  await turn()
  while (stream.readableLength > most && !stream.destroyed) await wait(10)
  return !stream.destroyed
}
