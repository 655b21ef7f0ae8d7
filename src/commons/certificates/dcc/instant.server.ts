/**
 * A signature is judged for a stated instant. No certificate here carries a trusted time stamp: when the signer's certificate has ended in the
 * meantime, the file's own date is all there is, and whoever holds the key could have written any. That is said, not decided.
 */
import { X509Certificate } from 'node:crypto'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { verifyDcc, type TrustedKey, type Verified } from './verify.server.ts'

export type VerifiedAt = Verified & {
  /** The signer's certificate had ended at that instant: what can be said and what not, without full stop. */
  late?: string
}

/** As `verifyDcc` at `at`; but a certificate that has ended by then, and was in force on the day that the file states, is no refusal. */
export function verifyAt(xml: string, { trusted, at }: { trusted: readonly TrustedKey[]; at: string }): VerifiedAt | Refusal {
  const now = verifyDcc(xml, { trusted, at })
  if (!isRefusal(now) || now.code !== 'DCC_KEY_EXPIRED') return now
  for (const key of trusted) {
    const { validFromDate, validToDate } = new X509Certificate(key.certificate)
    if (new Date(at) <= validToDate) continue
    const then = verifyDcc(xml, { trusted: [key], at: validToDate.toISOString() })
    if (isRefusal(then)) {
      if (then.code === 'DCC_UNTRUSTED') continue
      return then
    }
    const [from, until] = [validFromDate, validToDate].map((date) => shanghaiDate(date.toISOString())) as [string, string]
    const wrong = dayProblem(then.certificate, from, until)
    if (wrong)
      return refuse('invalid', `${wrong}，不在签名证书的有效期（${from} 至 ${until}）里，不能采信。请向出具机构核实，或请它重新签发。`, {
        code: 'DCC_KEY_EXPIRED',
      })
    const { issued } = then.certificate
    const stated = issued ? `证书上写的签发日期是 ${issued}，那时签名证书有效；` : '证书上没有写签发日期；'
    return {
      ...then,
      late: `签名对得上，内容没有改动；但签名证书已于 ${until} 到期。${stated}文件里没有受信任的时间戳，不能证明它确实是到期以前签的，请向机构核实`,
    }
  }
  return now
}

/** What was measured or issued after the key had ended was signed after it had ended; what was measured before may be signed later. */
function dayProblem({ issued, performed }: Verified['certificate'], from: string, until: string): string | undefined {
  if (issued && (issued < from || issued > until)) return `证书上的签发日期是 ${issued}`
  return performed > until ? `证书上的完成日期是 ${performed}` : undefined
}
