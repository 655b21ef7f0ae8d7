/** QR codes (GB/T 18284, ISO/IEC 18004): the matrix, and its drawing as a path. Pure. */
import qrcode from 'qrcode-generator'

/** Rows of modules; true is dark. Without the quiet zone: whoever draws it leaves four light modules around. */
export type QrMatrix = readonly (readonly boolean[])[]

export const quietZone = 4

/** Error correction M: up to 15 % of it may be worn or dirty. The text as UTF-8, in the smallest version that holds it; at most 2,331 bytes. */
export function qrMatrix(text: string): QrMatrix {
  const code = qrcode(0, 'M')
  // The library takes a byte from each character.
  code.addData(String.fromCharCode(...new TextEncoder().encode(text)), 'Byte')
  code.make()
  const side = Array.from({ length: code.getModuleCount() }, (_, i) => i)
  return side.map((row) => side.map((column) => code.isDark(row, column)))
}

export interface Run {
  x: number
  y: number
  width: number
}

/** Dark modules that touch in a row are one rectangle, one module high. */
export const darkRuns = (matrix: QrMatrix): Run[] =>
  matrix.flatMap((row, y) =>
    row.flatMap((dark, x) => {
      if (!dark || row[x - 1]) return []
      const end = row.indexOf(false, x)
      return [{ x, y, width: (end < 0 ? row.length : end) - x }]
    }),
  )

/** For `<path d>` in a view box as wide as the matrix. */
export const qrPath = (matrix: QrMatrix): string =>
  darkRuns(matrix)
    .map(({ x, y, width }) => `M${x} ${y}h${width}v1h${-width}z`)
    .join('')
