/** Which result of a line is none. Pure. */
import { refuse, type Refusal } from '../../core/refusal.ts'
import type { OrderLine } from './model.ts'
import type { ResultForm } from './schema.ts'

/** As it is typed in, or as a measurement record gives it: then the certificate is numbered when it is issued. */
export type Result = Omit<ResultForm, 'certificateNo'> & { certificateNo?: string | undefined }

/** Why such a result cannot be; with the article. */
export function resultProblem(line: Pick<OrderLine, 'service'>, form: Result, today: string, receivedOn: string): Refusal | undefined {
  const wrong = (field: string, reason: string) => refuse('invalid', `${reason}。`, { fields: { [field]: reason } })
  if (form.doneOn > today) return wrong('doneOn', `检测日期 ${form.doneOn} 晚于今天`)
  if (form.doneOn < receivedOn) return wrong('doneOn', `检测日期 ${form.doneOn} 早于收样日期 ${receivedOn}`)
  if (form.validUntil && form.validUntil < form.doneOn) return wrong('validUntil', '有效期早于检测日期')
  const verifies = line.service === 'mandatory-verification' || line.service === 'voluntary-verification'
  if (verifies && form.conclusion === 'none')
    return wrong('conclusion', '检定须有结论：发检定证书的为合格，发检定结果通知书的为不合格（《计量检定印、证管理办法》）')
  if (line.service === 'calibration' && form.conclusion !== 'none')
    return wrong('conclusion', '校准不判定合格与否，请选“不作结论”；是否满足使用要求由企业作计量确认（GB/T 19022）')
  if (form.validUntil && (line.service === 'calibration' || form.conclusion === 'fail'))
    return wrong('validUntil', line.service === 'calibration' ? '校准证书不给有效期，复校间隔由企业确定（JJF 1071）' : '不合格的没有有效期')
  if (verifies && form.conclusion === 'pass' && !form.validUntil) return wrong('validUntil', '检定合格须写明有效期至')
  return undefined
}
