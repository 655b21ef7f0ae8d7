/** The steps of a change to a budget (four eyes) and of a flagged item. */
import type { Actor, Grant, Protected } from '../../../core/access.ts'
import { regionPrefix } from '../../../core/eligibility/codes.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { defineWorkflow } from '../../../core/workflow.ts'
import { changeStates, flagStates, type ChangeState, type FlagState } from './model.ts'

export const budgetReaders = ['regulator:region', 'admin:any'] as const satisfies readonly Grant[]

export interface StatedChange extends Protected {
  state: ChangeState
  proposed_by: string
  policy_region: string
}

/** 额度由发布政策的主管部门设定: whose territory holds the policy's. */
export const governs = (actor: Pick<Actor, 'region'>, policyRegion: string): boolean =>
  actor.region !== '' && policyRegion.startsWith(regionPrefix(actor.region))

export const notOwnPolicy = '额度由发布这项政策的主管部门设定，您的辖区不包括它的适用地区'
const foreign = (row: StatedChange, actor: Actor) => (governs(actor, row.policy_region) ? undefined : notOwnPolicy)

export const changeWorkflow = defineWorkflow<StatedChange>()({
  name: 'relief-budget-change',
  title: '额度调整',
  states: changeStates,
  start: 'proposed',
  steps: {
    approve: {
      label: '批准',
      from: ['proposed'],
      to: 'approved',
      by: ['regulator:region'],
      opinion: 'optional',
      confirm: '批准后立即生效；增加的额度马上按先后补减给排队的企业，补减的不能收回。',
      unless: (row, actor) => (row.proposed_by === actor.id ? '提出和批准不能是同一个人，请由另一位同事批准' : foreign(row, actor)),
    },
    decline: {
      label: '不批准',
      from: ['proposed'],
      to: 'declined',
      by: ['regulator:region'],
      opinion: 'required',
      unless: (row, actor) => (row.proposed_by === actor.id ? '提出和批准不能是同一个人，要收回请点撤回' : foreign(row, actor)),
    },
    withdraw: {
      label: '撤回',
      from: ['proposed'],
      to: 'withdrawn',
      by: ['regulator:region'],
      unless: (row, actor) => (row.proposed_by === actor.id ? undefined : '只有提出的人能撤回'),
    },
  },
})
export type ChangeStep = keyof typeof changeWorkflow.steps

export const flagReaders = ['enterprise:own', 'regulator:region', 'admin:any'] as const satisfies readonly Grant[]

export interface StatedFlag extends Protected {
  state: FlagState
  owner_id: string | null
  due_on: string
}

/** No step takes relief away: what is found is for a person to act on, by the 承诺书 and the law. */
export const flagWorkflow = defineWorkflow<StatedFlag>()({
  name: 'relief-flag',
  title: '减免核实事项',
  states: flagStates,
  start: 'open',
  steps: {
    take: {
      label: '由我办理',
      from: ['open'],
      to: 'open',
      by: ['regulator:region'],
      unless: (row, actor) => (row.owner_id === actor.id ? '已经由您办理' : undefined),
    },
    clear: { label: '无异常', from: ['open', 'explained'], to: 'cleared', by: ['regulator:region'], opinion: 'required' },
    ask: {
      label: '要求说明',
      from: ['open', 'explained'],
      to: 'asked',
      by: ['regulator:region'],
      opinion: 'required',
      tells: 'enterprise',
    },
    explain: { label: '提交说明', from: ['asked'], to: 'explained', by: ['enterprise:own'], opinion: 'required' },
    uphold: {
      label: '认定有异常',
      from: ['asked', 'explained'],
      to: 'upheld',
      by: ['regulator:region'],
      opinion: 'required',
      confirm: '认定后企业会看到结论。已减的不会自动收回；要收回的，另按承诺书核查办理。',
      unless: (row, _, now) => (row.state === 'asked' && shanghaiDate(now) <= row.due_on ? '企业说明的期限还没有到' : undefined),
    },
  },
})
export type FlagStep = keyof typeof flagWorkflow.steps
