/** The tables of this measure. */
import type { Generated } from 'kysely'
import type { ResultKind } from '../../commons/policies/index.ts'
import type { Application, MatchResult } from './model.ts'

declare module '../../platform/db.server.ts' {
  interface Tables {
    policy_matches: MatchRow
    policy_applications: Omit<Application, 'version'> & { version: Generated<number> }
    policy_dismissals: DismissalRow
  }
}

export interface MatchRow {
  province: string
  org_id: string
  region: string
  policy_id: string
  version_id: string
  result: MatchResult
  force: ResultKind
  matched_at: string
}

export interface DismissalRow {
  province: string
  org_id: string
  policy_id: string
  version_id: string
  reason: string
  dismissed_by: string
  created_at: string
}
