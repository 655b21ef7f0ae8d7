/** The tables of people, and how their rows read. */
import type { Role } from '../../core/access.ts'
import type { FactId, FactValue } from '../../core/eligibility/facts.ts'
import type { Duty, Membership, MembershipState, Organisation, OrganisationKind, Scope, StoredFact } from './model.ts'

declare module '../../platform/db.server.ts' {
  interface Tables {
    persons: PersonRow
    organisations: OrganisationRow
    memberships: MembershipRow
    profile_facts: FactRow
  }
}

export interface PersonRow {
  id: string
  /** The account; null for somebody who cannot sign in. */
  user_id: string | null
  name: string
  /** Sealed (platform/sealed.server.ts). */
  phone: string | null
  email: string | null
  erased_at: string | null
  created_at: string
  version: number
}

export interface OrganisationRow {
  province: string
  id: string
  kind: OrganisationKind
  name: string
  uscc: string | null
  region: string
  demo: boolean
  created_at: string
  version: number
}

export interface MembershipRow {
  province: string
  id: string
  org_id: string
  region: string
  person_id: string
  role: Role
  duty: Duty
  scope: string[]
  granted_by: string | null
  starts_on: string
  ends_on: string | null
  state: MembershipState
  created_at: string
  version: number
}

export interface FactRow {
  province: string
  org_id: string
  fact: FactId
  value: unknown
  source: string
  as_of: string
  confirmed_by: string | null
  confirmed_at: string | null
}

export const toOrganisation = (row: OrganisationRow): Organisation => ({
  id: row.id,
  province: row.province,
  kind: row.kind,
  name: row.name,
  uscc: row.uscc,
  region: row.region,
  demo: row.demo,
  createdAt: row.created_at,
  version: row.version,
})

export const toMembership = (row: MembershipRow & { person_name: string; granted_by_name: string | null }): Membership => ({
  id: row.id,
  province: row.province,
  orgId: row.org_id,
  region: row.region,
  personId: row.person_id,
  personName: row.person_name,
  role: row.role,
  duty: row.duty,
  scope: row.scope as Scope[],
  grantedBy: row.granted_by,
  grantedByName: row.granted_by_name,
  startsOn: row.starts_on,
  endsOn: row.ends_on,
  state: row.state,
  version: row.version,
})

export const toFact = (row: FactRow & { confirmed_by_name?: string | null }): StoredFact => ({
  fact: row.fact,
  value: row.value as FactValue,
  source: row.source,
  asOf: row.as_of,
  ...(row.confirmed_by && { confirmedBy: row.confirmed_by }),
  ...(row.confirmed_by_name && { confirmedByName: row.confirmed_by_name }),
  ...(row.confirmed_at && { confirmedAt: row.confirmed_at }),
})
