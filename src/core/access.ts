/**
 * Who may do what: role × relation, declared once as a grant and read by buttons, API, SQL filter and the generated permission table.
 * `platform/access.server.ts` says the same in SQL; one exhaustive test compares the two.
 */
// Not from `regions.ts`: that file brings the whole table of places, and pages import this one.
import { regionPrefix } from './eligibility/codes.ts'

export const roles = {
  visitor: '访客',
  enterprise: '企业',
  counter: '机构窗口',
  tester: '机构检测员',
  approver: '机构批准人',
  finance: '机构财务',
  regulator: '监管人员',
  expert: '专家',
  secretary: '委员会秘书',
  steward: '企业管家',
  'lab-owner': '实验室负责人',
  reviewer: '评审专家',
  solver: '方案提供方',
  bank: '金融机构',
  trainer: '培训讲师',
  admin: '平台管理员',
} as const
export type Role = keyof typeof roles

/** Closed list; a new relation is a decision record. */
export const relations = {
  own: '本单位的',
  region: '本辖区的',
  assigned: '指派给本人的',
  entrusted: '委托给本单位的',
  any: '全部',
} as const
export type Relation = keyof typeof relations
export type Grant = `${Role}:${Relation}`

/** Who is asking. `visitor` has no organisation and sees nothing that is protected. */
export interface Actor {
  id: string
  name: string
  role: Role
  org_id: string
  org_name: string
  /** GB/T 2260; a regulator's own territory. */
  region: string
  /** Acting for `org_name` with its consent (代办): `orgName` is the person's own organisation, `agencyId` the consent. */
  agent?: { orgName: string; agencyId: string }
  /** Signed in without a seat in force: why, and who can help, in one sentence. The role is then `visitor`, the id the person's. */
  lapsed?: string
}

/** The columns that every protected row carries. */
export interface Protected {
  org_id: string
  region: string
  /** Person ids, for tables whose rows are handed to somebody. */
  assigned?: readonly string[]
  /** The institution that an enterprise handed the row to: orders, charges. */
  institution_id?: string
}

export const visitor: Actor = { id: '', name: '访客', role: 'visitor', org_id: '', org_name: '', region: '' }

/** The platform itself: clocks, imports of the library, migrations. Never signs in. */
export const platform: Actor = {
  id: '00000000-0000-7000-8000-000000000000',
  name: '平台',
  role: 'admin',
  org_id: '',
  org_name: '平台',
  region: '000000',
}

/** Whom a person acts for by agency; nothing for whoever acts for their own organisation. */
export const agentOf = ({ agent, org_name }: Actor): string | undefined => (agent ? org_name : undefined)

/** The name on records: an agent's carries the organisation they come from, so that no list shows a stranger as a colleague. */
export const agentName = (person: string, orgName: string): string => `${person}（${orgName}）`

/** Who did it, for timelines: 许工（示例·杭州市计量检测院）代 示例·某厂. */
export const sayActor = (event: { actor_name: string; on_behalf: string | null }): string =>
  event.on_behalf ? `${event.actor_name}代 ${event.on_behalf}` : event.actor_name

export const splitGrant = (grant: Grant) => grant.split(':') as [Role, Relation]

/** Does this grant give this actor this row? */
export const grants = (grant: Grant, actor: Actor, row: Protected): boolean => {
  const [role, relation] = splitGrant(grant)
  if (role !== actor.role) return false
  switch (relation) {
    case 'any':
      return true
    case 'own':
      return actor.org_id !== '' && row.org_id === actor.org_id
    case 'region':
      return actor.region !== '' && row.region.startsWith(regionPrefix(actor.region))
    case 'entrusted':
      return actor.org_id !== '' && row.institution_id === actor.org_id
    case 'assigned':
      return actor.id !== '' && (row.assigned ?? []).includes(actor.id)
  }
}

export const allowed = (list: readonly Grant[], actor: Actor, row: Protected): boolean => list.some((grant) => grants(grant, actor, row))

/** The grant in words, for refusals and the permission table: 监管人员（本辖区的）. */
export const sayGrant = (grant: Grant): string => {
  const [role, relation] = splitGrant(grant)
  return `${roles[role]}（${relations[relation]}）`
}
