/** Approvals as a table of steps: read by buttons, commands, API, messages, diagrams and tests. A state changes only in `advance`. */
import { allowed, sayGrant, type Actor, type Grant, type Protected } from './access.ts'
import { refuse, type Refusal } from './refusal.ts'

export interface Step<State extends string, Row> {
  label: string
  from: readonly State[]
  to: State
  by: readonly Grant[]
  /** A reason in words why this person may not take this step now (four eyes, quota); shown on the disabled button. */
  unless?: (row: Row, actor: Actor, now: string) => string | undefined
  /** The step takes an opinion or another input; `required` refuses without it. */
  opinion?: 'optional' | 'required'
  /** Cannot be taken back, or reaches many: the page asks once more, with this sentence. */
  confirm?: string
  /** What the outside is told: the audience's name, resolved by the listener. */
  tells?: string
}

export interface Workflow<State extends string, Name extends string, Row> {
  name: string
  title: string
  states: Record<State, string>
  start: State
  steps: Record<Name, Step<State, Row>>
}

type Stateful<State extends string> = Protected & { state: State }

/** Curried so that the row type is given and states and step names are inferred: a misspelt state does not compile. */
export const defineWorkflow =
  <Row extends Protected>() =>
  <State extends string, Name extends string>(workflow: Workflow<State, Name, Row>): Workflow<State, Name, Row> =>
    workflow

export interface Choice<Name extends string> {
  name: Name
  label: string
  opinion?: 'optional' | 'required'
  confirm?: string
  /** Shown on the button, which is then disabled. */
  disabledReason?: string
}

/** The steps that this person may see in this state; those that a reason forbids come disabled, with the reason. */
export const choices = <S extends string, N extends string, R extends Stateful<S>>(
  flow: Workflow<S, N, R>,
  row: R,
  actor: Actor,
  now: string,
): Choice<N>[] =>
  (Object.entries(flow.steps) as [N, Step<S, R>][])
    .filter(([, step]) => step.from.includes(row.state) && allowed(step.by, actor, row))
    .map(([name, step]) => {
      const disabledReason = step.unless?.(row, actor, now)
      return {
        name,
        label: step.label,
        ...(step.opinion && { opinion: step.opinion }),
        ...(step.confirm && { confirm: step.confirm }),
        ...(disabledReason && { disabledReason }),
      }
    })

/** The next state, or why not. The only place where a state changes. */
export const advance = <S extends string, N extends string, R extends Stateful<S>>(
  flow: Workflow<S, N, R>,
  row: R,
  name: N,
  actor: Actor,
  now: string,
  opinion = '',
): { to: S; step: Step<S, R> } | Refusal => {
  const step = flow.steps[name]
  if (!step) return refuse('missing', `「${flow.title}」没有“${name}”这一步`)
  if (!allowed(step.by, actor, row))
    return refuse('forbidden', `“${step.label}”由${step.by.map(sayGrant).join('、')}办理，您当前的身份不能办理`)
  if (!step.from.includes(row.state))
    return refuse(
      'conflict',
      `当前是“${flow.states[row.state]}”，只有${step.from.map((s) => `“${flow.states[s]}”`).join('、')}时才能${step.label}`,
    )
  const reason = step.unless?.(row, actor, now)
  if (reason) return refuse('conflict', reason)
  if (step.opinion === 'required' && !opinion.trim())
    return refuse('invalid', `${step.label}须写明理由，请填写意见`, { fields: { opinion: '请填写意见' } })
  return { to: step.to, step }
}

/** For the generated documents. */
export const toMermaid = <S extends string, N extends string, R>(flow: Workflow<S, N, R>): string => {
  const lines = (Object.values(flow.steps) as Step<S, R>[]).flatMap((step) =>
    step.from.map((from) => `  ${id(from)} --> ${id(step.to)}: ${step.label}（${step.by.map(sayGrant).join('、')}）`),
  )
  const names = (Object.entries(flow.states) as [S, string][]).map(([state, label]) => `  ${id(state)}: ${label}`)
  return ['stateDiagram-v2', ...names, `  [*] --> ${id(flow.start)}`, ...lines].join('\n')
}

const id = (state: string) => state.replaceAll('-', '_')
