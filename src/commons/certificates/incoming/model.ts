/** Words and types of certificates that were issued elsewhere and come as files: what was read of them, and what became of it. */
import type { Protected } from '../../../core/access.ts'
import type { CheckKind, Conclusion, Results } from '../../instruments/index.ts'

export const incomingStates = { waiting: '待核对', recorded: '已记入台账', 'set-aside': '不用' } as const
export type IncomingState = keyof typeof incomingStates
export const incomingTones = { waiting: 'warn', recorded: 'good', 'set-aside': 'neutral' } as const

/**
 * Judged for the instant of the upload. `verified`: the signature is that of a known institution. `expired`: it is, but the institution's
 * certificate had ended, and nothing attests when it signed. `unverified`: signed and unaltered, by nobody knows whom. `paper`: a PDF.
 */
export const standings = {
  verified: '签名有效，没有改动',
  expired: '签名对得上，签名证书已到期',
  unverified: '未能核实签发者',
  paper: 'PDF，数据由人填写',
} as const
export type Standing = keyof typeof standings

/** What a certificate says of itself, read from the bytes that were signed. Days are `YYYY-MM-DD`. */
export interface Reading {
  number: string
  institution: string
  customer: string
  item: { name: string; model: string | null; serials: readonly string[]; codes: readonly string[] }
  kind: CheckKind
  conclusion: Conclusion
  doneOn: string
  validUntil: string | null
  /** Number of the certificate whose place it takes. */
  replaces: string | null
  results: Results | null
  /** What was not read, and why; sentences for whoever checks it. */
  notes: readonly string[]
}

export interface IncomingCertificate extends Protected {
  province: string
  id: string
  state: IncomingState
  standing: Standing
  /** Whose signature it is; null for paper. */
  signer: string | null
  name: string
  sha256: string
  file_id: string | null
  /** Null for paper. */
  reading: Reading | null
  number: string | null
  /** Chosen by whoever brought it, or found by what the certificate says. */
  instrument_id: string | null
  check_id: string | null
  /** Why it was not recorded by itself; afterwards why it was set aside. */
  reason: string | null
  brought_by: string
  brought_by_name: string
  created_at: string
  version: number
}

/** As the public check takes them. */
export const incomingFile = { types: ['pdf', 'xml'], bytes: 20_000_000, atOnce: 20 } as const
