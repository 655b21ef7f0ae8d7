/** The table of agencies, and how its rows read. */
import type { Agency, AgencyScope, AgencyState, AgentRole } from './model.ts'

declare module '../../../platform/db.server.ts' {
  interface Tables {
    agencies: AgencyRow
  }
}

export interface AgencyRow {
  province: string
  id: string
  org_id: string
  region: string
  agent_person_id: string
  agent_org_name: string
  agent_role: AgentRole
  scope: AgencyScope[]
  starts_on: string
  ends_on: string
  state: AgencyState
  consented_by: string
  consented_by_name: string
  purpose: string
  created_at: string
  ended_at: string | null
  version: number
}

export const toAgency = (row: AgencyRow & { org_name: string; agent_name: string; seated: boolean }): Agency => ({
  id: row.id,
  province: row.province,
  orgId: row.org_id,
  orgName: row.org_name,
  region: row.region,
  agentPersonId: row.agent_person_id,
  agentName: row.agent_name,
  agentOrgName: row.agent_org_name,
  agentRole: row.agent_role,
  scope: row.scope,
  purpose: row.purpose,
  startsOn: row.starts_on,
  endsOn: row.ends_on,
  state: row.state,
  consentedBy: row.consented_by,
  consentedByName: row.consented_by_name,
  createdAt: row.created_at,
  endedAt: row.ended_at,
  version: row.version,
  seated: row.seated,
})
