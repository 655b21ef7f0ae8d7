/** Which instrument of the ledger a certificate is for: by serial number, by the firm's own number; asks when it is not plain. Pure. */
import { normalise } from '../../instruments/index.ts'
import type { Reading } from './model.ts'

export interface Candidate {
  id: string
  code: string
  name: string
  model: string | null
  serial: string | null
}

export type Match = { id: string; why?: undefined } | { id?: undefined; why: string }

const within = (texts: readonly string[], text: string | null) => text !== null && texts.some((each) => normalise(each) === normalise(text))

/** What speaks against this one, in a sentence; nothing where the certificate does not say. */
export function contradiction({ item }: Pick<Reading, 'item'>, { code, model, serial }: Candidate): string | undefined {
  if (serial && item.serials.length > 0 && !within(item.serials, serial))
    return `证书上的出厂编号是 ${item.serials.join('、')}，台账里 ${code} 的是 ${serial}`
  // The firm's own number, where it agrees, says more than how a laboratory spells a model.
  if (model && item.model && normalise(model) !== normalise(item.model) && !within(item.codes, code))
    return `证书上的型号是 ${item.model}，台账里 ${code} 的是 ${model}`
  return undefined
}

/** `candidates`: those of the ledger that have one of the serial numbers or codes. */
export function matchInstrument(reading: Pick<Reading, 'item'>, candidates: readonly Candidate[]): Match {
  const { serials, codes } = reading.item
  if (serials.length === 0 && codes.length === 0) return { why: '证书上没有出厂编号，也没有器具编号，请选择是哪一件' }
  const named = candidates.filter(({ serial, code }) => within(serials, serial) || within(codes, code))
  if (named.length === 0)
    return { why: `台账里没有出厂编号或器具编号是 ${[...serials, ...codes].join('、')} 的器具，请选择是哪一件，或先登记` }
  const plain = named.filter((each) => !contradiction(reading, each))
  const both = plain.filter(({ serial, code }) => within(serials, serial) && within(codes, code))
  const [only, ...more] = both.length > 0 ? both : plain
  if (only && more.length === 0) return { id: only.id }
  if (!only) return { why: `${contradiction(reading, named[0]!)}，请核对` }
  return { why: `台账里有 ${more.length + 1} 件对得上（${[only, ...more].map(({ code }) => code).join('、')}），请选择是哪一件` }
}
