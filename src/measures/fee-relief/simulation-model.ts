/** Words and types of simulations: a changed rule over the real orders of a past period. */
import type { Actor, Protected } from '../../core/access.ts'
import type { SizeClass } from '../../core/size-class.ts'
import type { CapPer, PolicyContent } from '../../commons/policies/index.ts'

export const simulationStates = { running: '正在计算', done: '已算完', cancelled: '已取消', failed: '没有算成' } as const
export type SimulationState = keyof typeof simulationStates
export const simulationTones = { running: 'info', done: 'good', cancelled: 'neutral', failed: 'bad' } as const

/** What one run may take: the platform serves others meanwhile. */
export const simulationLimits = { orders: 20_000, days: 731, running: 3 } as const

/** What is different from the policy as it stands. */
export interface Variation {
  /** Which of its benefits. */
  benefit: number
  rateBp: number
  /** Decimal text of 分; null: no cap. */
  capFen: string | null
  capPer: CapPer
  from: string | null
  to: string | null
  /** Null: the policy's own. */
  sizes: readonly SizeClass[] | null
  /** Applies without an application. */
  direct: boolean
  /** Slug of another policy that it takes the place of. */
  replaces: string | null
}

export interface SimulationBase {
  policyId: string
  slug: string
  title: string
  versionId: string
  number: number
  state: string
}

export interface Simulation extends Protected {
  province: string
  id: string
  number: string
  state: SimulationState
  title: string
  variation: Variation
  base: SimulationBase
  /** The policy as it was simulated. */
  content: PolicyContent
  period_from: string
  period_to: string
  orders_total: number
  orders_done: number
  attempt: number
  problem: string | null
  asked_by: string
  asked_by_name: string
  asked_as: Actor
  created_at: string
  touched_at: string
  finished_at: string | null
  version: number
}

/** One order beside what it would have been. `set_aside`: reckoned again, it does not come to what was frozen, so nothing is claimed. */
export interface SimulatedOrder {
  order_id: string
  region: string
  org_id: string
  accepted_on: string
  fee_fen: bigint
  before_fen: bigint
  after_fen: bigint
  set_aside: boolean
}

export const simulationEventWords: Readonly<Record<string, string>> = {
  started: '开始计算',
  completed: '算完',
  cancelled: '取消',
  failed: '没有算成',
}
