/** Who may apply for what, until when it is decided, and what may be entered with each step. */
import type { Actor } from '../../core/access.ts'
import { formatYuan, parseYuan, type Fen } from '../../core/money.ts'
import { promiseClock, type Pause } from '../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { resultKindWithReason, results } from '../../commons/policies/index.ts'
import type { Judged } from './judge.ts'
import { servicePromise, type Application, type DeclineReason } from './model.ts'
import type { ApplicationStep } from './workflow.ts'

/** Only what is decided and confirmed by its source can be applied for; the rest is shown with whom to ask. */
export function applicationProblem(judged: Pick<Judged, 'result' | 'force' | 'policy'>, actor: Actor): Refusal | undefined {
  const { card } = judged.policy.content
  if (actor.role !== 'enterprise' || !actor.org_id) return refuse('forbidden', '政策申请由企业提交，请用企业身份登录。')
  if (judged.result === 'ineligible')
    return refuse(
      'conflict',
      `现在暂不符合《${judged.policy.content.title}》的条件（${card.basis}），请先看哪一条不符合；信息有变化时更新企业信息。`,
      { code: 'NOT_ELIGIBLE' },
    )
  if (judged.result === 'unknown')
    return refuse('conflict', `《${judged.policy.content.title}》还有条件没有确认（${card.basis}），补充信息后即可判断。`, {
      code: 'UNDECIDED',
    })
  if (judged.force === 'guidance')
    return refuse(
      'conflict',
      `《${judged.policy.content.title}》目前${results.guidance}，不能在线申请：${resultKindWithReason(judged.policy.content).why}。办法：${card.how}`,
      { code: 'GUIDANCE_ONLY' },
    )
  return undefined
}

export interface Due {
  on: string
  provisional: boolean
}

/** The promised day; time during which the enterprise had to act (补正) does not count. */
export function dueOf(createdAt: string, pauses: readonly Pause[], now: string): Due {
  const clock = promiseClock({ startedAt: createdAt, limit: servicePromise.limit, pauses, now })
  return { on: clock.statutory.due, provisional: clock.provisional }
}

/** The pauses after a step: 退回补正 begins one, 再次提交 or any end ends it. */
export function pausesAfter(pauses: readonly Pause[], step: ApplicationStep, now: string): Pause[] {
  if (step === 'return') return [...pauses, { from: now, reason: '等待企业补正' }]
  return pauses.map((pause) => (pause.to === undefined ? { ...pause, to: now } : pause))
}

/** What a step brings along, checked. */
export interface Outcome {
  savingFen: Fen | null
  reasonCode: DeclineReason | null
}

/** Most that one application may save: above it a slip of the keyboard is likelier than a saving. */
const mostSaving = 100_000_000_00n

export function outcomeOf(
  step: ApplicationStep,
  input: { saving?: string | undefined; reason?: DeclineReason | undefined },
): Outcome | Refusal {
  if (step === 'decline')
    return input.reason ? { savingFen: null, reasonCode: input.reason } : missing('reason', '不予通过须选择原因，企业据此知道可以怎么办')
  if (step !== 'grant') return { savingFen: null, reasonCode: null }
  if (input.saving === undefined) return missing('saving', '请填写企业享受的金额，单位元；没有金额的填 0')
  const saving = parseYuan(input.saving)
  if (isRefusal(saving)) return { ...saving, fields: { saving: saving.reason } }
  if (saving < 0n) return missing('saving', '享受金额不能小于 0')
  return saving > mostSaving
    ? missing('saving', `享受金额超过 ${formatYuan(mostSaving as Fen)}，请核对`)
    : { savingFen: saving, reasonCode: null }
}

const missing = (field: string, reason: string): Refusal => refuse('invalid', `${reason}。`, { fields: { [field]: reason } })

/** 今年已享受: amounts granted in the calendar year of the day. */
export const grantedIn = (
  applications: readonly Pick<Application, 'state' | 'decided_at' | 'saving_fen'>[],
  year: string,
  dayOf: (instant: string) => string,
): Fen =>
  applications
    .filter((a) => a.state === 'granted' && a.decided_at && dayOf(a.decided_at).startsWith(year))
    .reduce((sum, a) => sum + (a.saving_fen ?? 0n), 0n) as Fen
