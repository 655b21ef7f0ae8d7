/** Rows of one file against each other: who has a code or a serial number first, and which are entered twice. Pure. */
import { clean } from '../draft-words.ts'
import { serialKey } from '../keys.ts'
import type { RowKeys, RowProblem } from './model.ts'
import type { SheetTexts } from './sheet-texts.ts'

/** Code and serial number of a row, however bad the rest is. */
export function keysOf(texts: SheetTexts): RowKeys {
  const at = (field: 'name' | 'maker' | 'model' | 'serial') => clean(texts[field])
  const code = clean(texts.code)
  const serial = serialKey({ name: at('name') ?? '', maker: at('maker'), model: at('model'), serial: at('serial') })
  return { ...(code && { code }), ...(serial && { serial }), print: printOf(texts) }
}

/** 53 bits over every text (cyrb53): compared only between rows that share a code or a serial number. */
function printOf(texts: SheetTexts): string {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (const field of Object.keys(texts).toSorted() as (keyof SheetTexts)[])
    for (const character of `${field}=${texts[field]};`) {
      const code = character.codePointAt(0)!
      a = Math.imul(a ^ code, 2_654_435_761)
      b = Math.imul(b ^ code, 1_597_334_677)
    }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909)
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909)
  return (4_294_967_296 * (2_097_151 & b) + (a >>> 0)).toString(36)
}

interface Holder {
  row: number
  print: string
}

export type Claim = { twice: number } | { problem: RowProblem } | undefined

export interface Claims {
  /** What is wrong with a row beside the rows before it; it then holds the keys that nobody holds yet. */
  take: (row: number, keys: RowKeys) => Claim
  /** The how-manieth row with this content. */
  nth: (content: string) => number
  /** The row that was already matched with an instrument of the ledger, if it is another. */
  match: (row: number, instrumentId: string) => number | undefined
  /** A row that was judged before. */
  restore: (row: number, keys: RowKeys, instrumentId: string | null) => void
}

/** A cell is a window into a piece of the file, which it would keep in memory as long as it is held. */
const copied = (text: string): string => Buffer.from(text).toString()

export function claimsOf(): Claims {
  const codes = new Map<string, Holder>()
  const serials = new Map<string, Holder>()
  const contents = new Map<string, number>()
  const instruments = new Map<string, number>()
  const hold = (row: number, { code, serial, print }: RowKeys) => {
    const holder = { row, print }
    if (code !== undefined && !codes.has(code)) codes.set(copied(code), holder)
    if (serial !== undefined && !serials.has(serial)) serials.set(copied(serial), holder)
  }
  return {
    take(row, keys) {
      const sameCode = keys.code === undefined ? undefined : codes.get(keys.code)
      const sameSerial = keys.serial === undefined ? undefined : serials.get(keys.serial)
      hold(row, keys)
      const alike = [sameCode, sameSerial].find((other) => other?.print === keys.print)
      if (alike) return { twice: alike.row }
      if (sameCode)
        return {
          problem: {
            field: 'code',
            reason: `器具编号 ${keys.code} 与第 ${sameCode.row} 行相同，一个编号只能用于一件器具`,
            level: 'bad',
            row: sameCode.row,
          },
        }
      if (sameSerial)
        return {
          problem: {
            field: 'serial',
            reason: `制造单位、型号、出厂编号都与第 ${sameSerial.row} 行相同，同一件器具不要登记两次；确是两件的请核对`,
            level: 'bad',
            row: sameSerial.row,
          },
        }
      return undefined
    },
    nth(content) {
      const n = (contents.get(content) ?? 0) + 1
      contents.set(content, n)
      return n
    },
    match(row, instrumentId) {
      const other = instruments.get(instrumentId)
      if (other === undefined) instruments.set(instrumentId, row)
      return other === row ? undefined : other
    },
    restore(row, keys, instrumentId) {
      hold(row, keys)
      if (keys.content !== undefined) contents.set(keys.content, Math.max(contents.get(keys.content) ?? 0, keys.nth ?? 0))
      if (instrumentId !== null && !instruments.has(instrumentId)) instruments.set(instrumentId, row)
    },
  }
}
