/** Words and types of certificates on record. */
import type { Protected } from '../../core/access.ts'
import type { CertificateContent, CertificateKind } from './content.ts'

export const certificateStates = { issued: '有效', withdrawing: '待撤销', amended: '已更正', withdrawn: '已撤销' } as const
export type CertificateState = keyof typeof certificateStates
export const certificateTones = { issued: 'good', withdrawing: 'warn', amended: 'neutral', withdrawn: 'bad' } as const

export interface Certificate extends Protected {
  province: string
  id: string
  institution_id: string
  institution_province: string
  institution_region: string
  kind: CertificateKind
  number: string
  state: CertificateState
  order_id: string | null
  line_id: string | null
  client_name: string
  item_name: string
  item_serial: string | null
  issued_on: string
  valid_until: string | null
  content: CertificateContent
  /** SHA-256 of the content as canonical JSON, hex. */
  digest: string
  /** Of the canonical JSON, by the key: ECDSA, base64. */
  signature: string
  key_id: string
  /** In the QR code. */
  token: string
  /** Typed together with the number. */
  code: string
  pdf_file_id: string
  pdf_sha256: string
  xml_file_id: string
  xml_sha256: string
  issued_by: string
  issued_by_name: string
  issued_at: string
  /** Who asked for the withdrawal: another person carries it out. */
  asked_by: string | null
  asked_by_name: string | null
  /** Why it was amended or withdrawn. */
  reason: string | null
  changed_by_name: string | null
  changed_at: string | null
  replaces: string | null
  replaced_by: string | null
  version: number
}

/** Letters before the number: 检定、通知书、校准. */
const marks: Record<CertificateKind, string> = { verification: 'JD', 'verification-failure': 'TZ', calibration: 'XZ' }

/** `JD2026-000001`: one gap-free sequence per institution and year, whatever the kind. */
export const certificateNumber = (kind: CertificateKind, year: number, n: number): string =>
  `${marks[kind]}${year}-${String(n).padStart(6, '0')}`

export const certificateEventWords: Record<string, string> = {
  issued: '出具',
  amended: '更正',
  'withdrawal-asked': '申请撤销',
  kept: '不撤销',
  withdrawn: '撤销',
}

/** What a check says. */
export const verdictsOfCheck = {
  genuine: '真实有效',
  expired: '真实，已过有效期',
  amended: '已被更正',
  withdrawn: '已撤销',
  doubtful: '签名密钥已吊销，不能采信',
  altered: '被改动',
  elsewhere: '其他机构签名，签名有效',
  late: '其他机构签名，签名证书已到期',
  unknown: '不是本平台出具',
} as const
export type CheckVerdict = keyof typeof verdictsOfCheck
export const checkTones = {
  genuine: 'good',
  expired: 'warn',
  amended: 'warn',
  withdrawn: 'bad',
  doubtful: 'bad',
  altered: 'bad',
  elsewhere: 'info',
  late: 'warn',
  unknown: 'bad',
} as const

/** The largest file that is checked. */
export const checkBytes = 5_000_000
