/** What is posted from the bench page, with and without scripts. */
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { approve, sendBack } from './approve.server.ts'
import { enteredForm, readEntered } from './entered.ts'
import type { Entered } from './model.ts'
import { simulatePoint, type Simulated } from './monte-carlo.server.ts'
import { benchOf, checkRecord, completeRecord, saveRecord } from './records.server.ts'
import { frozen } from './standards/model.ts'
import { findStandard } from './standards/queries.server.ts'
import { blankPoint, pointsOf } from './start.ts'
import { isEmpty, type Question } from './evaluate.ts'

export interface Done {
  /** Where to go on; absent: the same page. */
  simulated?: Simulated
  renewed?: boolean
}

/** The answer of a step, and what was typed, so that a refusal loses nothing. */
export async function actAtBench(ctx: Ctx, lineId: string, form: FormData): Promise<{ answer: Done | Refusal; entered?: Entered }> {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const [intent, point] = (text('intent') || text('step')).split(':') as [string, string?]
  const step = { version: Number(text('version')), opinion: text('opinion') }
  if (intent === 'check') return { answer: doneOr(await checkRecord(ctx, lineId, { ...step, agreed: form.has('agreed') })) }
  if (intent === 'approve') return { answer: doneOr(await approve(ctx, lineId, step)) }
  if (intent === 'send-back') return { answer: doneOr(await sendBack(ctx, lineId, step)) }
  const bench = await benchOf(ctx, lineId)
  if (isRefusal(bench)) return { answer: bench }
  const { typed, entered } = enteredOf(bench, form)
  if (isRefusal(entered)) return { answer: entered, entered: typed }
  return { answer: await act(ctx, bench, intent, Number(point), { version: step.version, entered }), entered }
}

/** What was typed as it stands, and the same once its form is right. */
function enteredOf({ template }: Bench, form: FormData): { typed: Entered; entered: Entered | Refusal } {
  const typed = readEntered(template, (name) => (form.has(name) ? String(form.get(name)) : undefined))
  const read = enteredForm.safeParse(typed)
  if (read.success) return { typed, entered: read.data as Entered }
  return { typed, entered: refuse('invalid', `有几处要改：${read.error.issues.map(({ message }) => message).join('；')}。`) }
}

/** The point that the pressed button names (`simulate:2`), with everything that reckoning it again needs. */
export async function questionAtBench(ctx: Ctx, lineId: string, form: FormData): Promise<{ question: Question; n: number } | Refusal> {
  const bench = await benchOf(ctx, lineId)
  if (isRefusal(bench)) return bench
  const { entered } = enteredOf(bench, form)
  if (isRefusal(entered)) return entered
  return { question: await questionOf(ctx, bench, entered), n: Number(String(form.get('intent')).split(':')[1]) }
}

async function questionOf(ctx: Ctx, { template, service, unit }: Bench, entered: Entered): Promise<Question> {
  const row = entered.standardId ? await findStandard(ctx, entered.standardId) : undefined
  return { template, service, unit, entered, standard: row ? frozen(row) : null }
}

const doneOr = (answer: object | Refusal): Done | Refusal => (isRefusal(answer) ? answer : {})

type Bench = Exclude<Awaited<ReturnType<typeof benchOf>>, Refusal>

async function act(
  ctx: Ctx,
  bench: Bench,
  intent: string,
  n: number,
  saving: { version: number; entered: Entered },
): Promise<Done | Refusal> {
  const { line, template } = bench
  const { entered } = saving
  switch (intent) {
    case 'save':
      return doneOr(await saveRecord(ctx, line.id, saving))
    case 'complete':
      return doneOr(await completeRecord(ctx, line.id, saving))
    case 'add-point':
      return renewed(
        await saveRecord(ctx, line.id, { ...saving, entered: { ...entered, points: [...entered.points, blankPoint(template)] } }),
      )
    case 'repoint': {
      if (entered.points.some((point) => !isEmpty(point)))
        return refuse('conflict', '已经有读数，不能重新取点；请先清空读数，或直接改检定点。')
      return renewed(await saveRecord(ctx, line.id, { ...saving, entered: { ...entered, points: pointsOf(template, entered.parameters) } }))
    }
    case 'simulate': {
      const found = await simulatePoint(await questionOf(ctx, bench, entered), n)
      return isRefusal(found) ? found : { simulated: found }
    }
    default:
      return refuse('invalid', '没有这一步。')
  }
}

const renewed = (answer: object | Refusal): Done | Refusal => (isRefusal(answer) ? answer : { renewed: true })
