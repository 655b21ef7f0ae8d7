/** Words and types of fault reports: somebody at the instrument says that something is wrong with it. */
import type { FileType } from '../../files/index.ts'
import type { Protected } from '../../../core/access.ts'
import type { Limit } from '../../../core/promise-clock.ts'

export const faultStates = { reported: '待处理', handling: '处理中', resolved: '已解决', dismissed: '不是故障' } as const
export type FaultState = keyof typeof faultStates

export const faultTones = { reported: 'warn', handling: 'info', resolved: 'good', dismissed: 'neutral' } as const satisfies Record<
  FaultState,
  string
>

export const openStates = ['reported', 'handling'] as const satisfies readonly FaultState[]

export const faultSources = { scan: '扫码报告', page: '登录报告' } as const
export type FaultSource = keyof typeof faultSources

/** How soon a report is dealt with. Not a statutory limit: what this platform sets by default (平台默认处理时限). */
export const faultPromise = { limit: '2 工作日' satisfies Limit, source: '平台默认处理时限', since: '2026-11-01' } as const

export const faultPhoto = { types: ['jpeg', 'png', 'webp'], bytes: 8_000_000 } as const satisfies {
  types: readonly FileType[]
  bytes: number
}

export interface Fault extends Protected {
  province: string
  id: string
  /** 浙-2026-000123 */
  number: string
  state: FaultState
  instrument_id: string
  description: string
  /** Name and telephone, only to ask back: erased when the report is closed. */
  reporter: string | null
  contact: string | null
  source: FaultSource
  file_id: string | null
  due_on: string
  due_provisional: boolean
  /** What came of it, in the words of whoever closed it. */
  outcome: string | null
  handled_by: string | null
  handled_by_name: string | null
  created_at: string
  closed_at: string | null
  version: number
}

/** Actions of the events of a report, for its timeline. */
export const eventWords: Readonly<Record<string, string>> = {
  reported: '报告故障',
  handled: '开始处理',
  resolved: '解决',
  dismissed: '认定不是故障',
  reopened: '重新处理',
}
