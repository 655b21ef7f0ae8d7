/** What a person does about their own information: correct it, agree and withdraw, leave. Nobody does it for somebody else. */
import { platform } from '../../../core/access.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { advance } from '../../../core/workflow.ts'
import { eraseAccount, renameAccount } from '../../../platform/accounts.server.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { announce, writeAnnounced } from '../../../platform/events.server.ts'
import { workflow as agencyFlow } from '../agencies/workflow.ts'
import { membershipsOf, membershipsOfPerson } from '../queries.server.ts'
import { isInForce } from '../rules.ts'
import { workflow as membershipFlow } from '../workflow.ts'
import { isPurpose, purposes, type Consent } from './model.ts'
import { asSelf } from './queries.server.ts'
import { erasureProblem, readEmail, readName, readPhone, type HeldDuty } from './rules.ts'
import { sealContact } from './tables.server.ts'

/** A person belongs to no province; their events are seen by nobody's region filter but the nation's. */
const nowhere = { province: '00', region: '000000' } as const

const tell = (self: Ctx, action: string, detail: object) =>
  announce(self, { subject: 'person', subjectId: self.actor.id, action, ...nowhere, detail })

export interface Correction {
  name?: string | undefined
  /** Null removes it; absent leaves it as it is. */
  phone?: string | null | undefined
  email?: string | null | undefined
  version: number
}

/** 《个人信息保护法》第四十六条. Records keep the name of their time; the change itself is told. */
export const correctMyself = (ctx: Ctx, given: Correction): Promise<{ version: number } | Refusal> =>
  inTx(ctx, async (tx) => {
    const who = await asSelf(tx)
    if (isRefusal(who)) return who
    const { self, row } = who
    if (row.version !== given.version) return refuse('conflict', '您的资料刚在别处改过，请刷新后再改', { code: 'STALE' })
    const name = given.name === undefined ? row.name : readName(given.name)
    const phone = given.phone == null ? given.phone : readPhone(given.phone)
    const email = given.email == null ? given.email : readEmail(given.email)
    const fields = {
      ...(name === undefined && { name: '姓名请填 2 至 50 个字，不含标点和符号（间隔号“·”可以）' }),
      ...(given.phone != null && !phone && { phone: '手机号请填 11 位数字，如 13812345678' }),
      ...(given.email != null && !email && { email: '电子邮箱请按 name@example.com 的格式填写' }),
    }
    if (Object.keys(fields).length > 0) return refuse('invalid', `有 ${Object.keys(fields).length} 处需要改正。`, { fields })
    const version = row.version + 1
    const changed = await tx.db
      .updateTable('persons')
      .set({
        name: name!,
        version,
        ...(phone !== undefined && { phone: sealContact(row.id, 'phone', phone) }),
        ...(email !== undefined && { email: sealContact(row.id, 'email', email) }),
      })
      .where('id', '=', row.id)
      .where('version', '=', row.version)
      .returning('id')
      .executeTakeFirst()
    if (!changed) return refuse('conflict', '您的资料刚在别处改过，请刷新后再改', { code: 'STALE' })
    if (name !== row.name) {
      if (row.user_id) await renameAccount(tx, row.user_id, name!)
      await tell(self, 'renamed', { before: row.name, after: name })
    }
    // Which of them changed, never what to: the chain of events cannot forget.
    const contact = [phone !== undefined && 'phone', email !== undefined && 'email'].filter(Boolean)
    if (contact.length > 0) await tell(self, 'contact-changed', { fields: contact })
    return { version }
  })

/** Gives or withdraws a consent, 《个人信息保护法》第十四、十五条; twice is once. Its effect begins and ends with this. */
export const setConsent = (ctx: Ctx, purpose: string, given: boolean): Promise<Consent | Refusal> =>
  inTx(ctx, async (tx) => {
    const who = await asSelf(tx)
    if (isRefusal(who)) return who
    if (!isPurpose(purpose)) return refuse('missing', '没有这一项同意')
    const row = { person_id: who.row.id, purpose, given, wording: purposes[purpose].wording, changed_at: tx.now }
    const changed = await tx.db
      .insertInto('consents')
      .values(row)
      .onConflict((oc) => oc.columns(['person_id', 'purpose']).doUpdateSet(row).where('consents.given', '!=', given))
      .returning('given')
      .executeTakeFirst()
    if (changed) await tell(who.self, given ? 'consent-given' : 'consent-withdrawn', { purpose, wording: row.wording })
    return { purpose, given, changedAt: tx.now }
  })

/** Why the person who asks cannot leave now; nothing when they can. */
export async function whyNotErase(ctx: Ctx, personId: string): Promise<string | undefined> {
  const today = shanghaiDate(ctx.now)
  const held: HeldDuty[] = []
  for (const mine of await membershipsOfPerson(ctx, personId)) {
    if (mine.state !== 'active' || mine.duty !== 'legal-representative') continue
    const colleagues = await membershipsOf(ctx, mine.province, mine.orgId)
    const others = colleagues.filter((each) => each.duty === mine.duty && each.personId !== personId && isInForce(each, today)).length
    held.push({ orgName: mine.orgName, duty: mine.duty, others })
  }
  return erasureProblem(held)
}

/**
 * 《个人信息保护法》第四十七条. At once and for good: the account with its sessions, telephone, e-mail and consents are deleted, every
 * delegation and agency ends; the name stays on records that must be kept. `name` is typed as the second deliberate step.
 */
export const eraseMyself = (ctx: Ctx, { name }: { name: string }): Promise<{ erasedAt: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const found = await asSelf(tx)
    if (isRefusal(found)) return found
    // Whoever appoints or renews at the same moment waits, and then finds nobody.
    await tx.db.selectFrom('persons').select('id').where('id', '=', found.row.id).forUpdate().executeTakeFirst()
    const who = await asSelf(tx)
    if (isRefusal(who)) return who
    const { self, row } = who
    await lockLegalRepresentatives(tx, row.id)
    const reason = await whyNotErase(tx, row.id)
    if (reason) return refuse('conflict', reason, { code: 'ONLY_LEGAL_REPRESENTATIVE' })
    if (name.normalize('NFC').trim() !== row.name)
      return refuse('invalid', '请填写您在平台登记的姓名，以确认删除', { fields: { name: '与登记的姓名不符' } })
    const ended = [await endMemberships(self), await endAgencies(self)].find(isRefusal)
    if (ended) return ended
    await tx.db.deleteFrom('consents').where('person_id', '=', row.id).execute()
    // Nothing more is said by somebody who is erased: what was said before it is written first.
    await writeAnnounced(tx)
    if (row.user_id) await eraseAccount(tx, row.user_id)
    await tx.db
      .updateTable('persons')
      .set({ user_id: null, phone: null, email: null, erased_at: tx.now, version: row.version + 1 })
      .where('id', '=', row.id)
      .execute()
    await tell(self, 'erased', {})
    return { erasedAt: tx.now }
  })

/** Two legal representatives of one organisation who leave at once: the second one waits, and finds that they are the only one. */
const lockLegalRepresentatives = async ({ db }: Ctx, personId: string): Promise<void> => {
  await db
    .selectFrom('memberships')
    .select('id')
    .where('duty', '=', 'legal-representative')
    .where('org_id', 'in', (eb) => eb.selectFrom('memberships as mine').select('mine.org_id').where('mine.person_id', '=', personId))
    .orderBy('id')
    .forUpdate()
    .execute()
}

/** The platform ends them by the step tables: the person need not sit in each seat to leave it. */
async function endMemberships(self: Ctx): Promise<undefined | Refusal> {
  for (const held of await membershipsOfPerson(self, self.actor.id)) {
    if (held.state !== 'active') continue
    const row = { state: held.state, org_id: held.orgId, region: held.region, person_id: held.personId, duty: held.duty, scope: held.scope }
    const next = advance(membershipFlow, row, 'end', platform, self.now)
    if (isRefusal(next)) return next
    await self.db
      .updateTable('memberships')
      .set({ state: next.to, version: held.version + 1 })
      .where('province', '=', held.province)
      .where('id', '=', held.id)
      .execute()
    await announce(self, {
      subject: membershipFlow.name,
      subjectId: held.id,
      action: 'ended',
      province: held.province,
      region: held.region,
      orgId: held.orgId,
      detail: { before: held.endsOn, after: null, reason: 'erased' },
    })
  }
  return undefined
}

async function endAgencies(self: Ctx): Promise<undefined | Refusal> {
  const rows = await self.db
    .selectFrom('agencies')
    .selectAll()
    .where('agent_person_id', '=', self.actor.id)
    .where('state', '=', 'active')
    .forUpdate()
    .execute()
  for (const { province, id, org_id, region, state, scope, version } of rows) {
    const next = advance(agencyFlow, { state, org_id, region, scope }, 'resign', platform, self.now)
    if (isRefusal(next)) return next
    await self.db
      .updateTable('agencies')
      .set({ state: next.to, ended_at: self.now, version: version + 1 })
      .where('province', '=', province)
      .where('id', '=', id)
      .execute()
    await announce(self, {
      subject: agencyFlow.name,
      subjectId: id,
      action: 'resigned',
      province,
      region,
      orgId: org_id,
      detail: { reason: 'erased' },
    })
  }
  return undefined
}
