/** Tells the demo world once, with the platform's own commands, so that it has the history a real one would have. */
import type { Actor } from '../core/access.ts'
import { platform } from '../core/access.ts'
import { addDays } from '../core/eligibility/calendar-day.ts'
import { shanghaiDate } from '../core/promise-clock.ts'
import { isRefusal } from '../core/refusal.ts'
import type { Scope } from '../commons/people/index.ts'
import { createOrganisation, createPerson, grantMembership, recordFacts } from '../commons/people/index.server.ts'
import { saveDraft, setEvent, takeStep } from '../commons/policies/index.server.ts'
import type { Config } from '../platform/config.server.ts'
import type { Ctx, Database } from '../platform/db.server.ts'
import { drain, type Listener } from '../platform/jobs.server.ts'
import { sessionsOf } from '../platform/sessions.server.ts'
import { enterprises } from './enterprises.ts'
import { demoPolicies } from './policies.ts'
import type { DemoPerson } from './tours.ts'
import { tellBudgets, tellChanges, tellQueue } from './tell-budgets.server.ts'
import { tellLedgers } from './tell-ledgers.server.ts'
import { sayTold, tellHistory } from './tell-history.server.ts'
import { tellInstitutions, tellOrders } from './tell-orders.server.ts'
import { tellStandards } from './tell-records.server.ts'
import { tellPastVerifications } from './tell-verifications.server.ts'
import { tellPastTerm } from './tell-past-term.server.ts'
import { bodies, people, regulatorsOffstage } from './world.ts'

export const demoPassword = 'hengqi-demo'

/** Does nothing when the world has been told before. */
export async function seedDemo(
  database: Database,
  config: Config,
  listeners: readonly Listener[],
  say: (text: string) => void,
): Promise<void> {
  const { db } = database
  if (await db.selectFrom('organisations').select('id').limit(1).executeTakeFirst()) return
  say('讲述演示世界：机构、企业、政策 ……')
  const ctx: Ctx = { db, actor: platform, now: config.now() }
  const today = shanghaiDate(ctx.now)
  // The library was published before there was anybody to tell.
  await drain(database, listeners, ctx.now)
  const orgs = await tellOrganisations(ctx, today)
  say(`  ${orgs.size} 个单位，其中 ${enterprises.length} 家企业和个体工商户`)
  say(`  ${await tellLedgers(ctx, orgs, today)} 件计量器具`)
  say(`  ${await tellInstitutions(ctx, orgs, today)} 家计量技术机构的收费目录`)
  const actors = await tellPeople(ctx, database, config, orgs, today)
  say(`  ${actors.size} 个演示身份`)
  await drain(database, listeners, ctx.now)
  must(
    await setEvent(ctx, {
      id: 'epidemic-2020',
      name: '疫情防控期间',
      version: await eventVersion(ctx, 'epidemic-2020'),
      startsOn: '2020-01-20',
      endsOn: '2023-01-07',
      source: '国家卫生健康委公告2020年第1号、2022年第7号（演示录入，待核实）',
    }),
  )
  for (const demo of demoPolicies(today)) await tellPolicy(ctx, actors, demo)
  await drain(database, listeners, ctx.now)
  say(`  ${await tellHistory(ctx, database, listeners, { actors, orgs, today })} 张过去八个月的委托单`)
  const standards = await tellStandards((login) => ({ ...ctx, actor: actors.get(login)! }), today)
  await tellPastVerifications(ctx, { actors, institutionId: orgs.get('hz-inst')!.id, standards, today })
  await sayTold(database)
  await tellPastTerm(ctx, actors, orgs, today)
  const budgets = await tellBudgets(ctx, actors, today)
  const orders = await tellOrders(ctx, { actors, orgs, standards, today })
  say(`  ${orders + (await tellQueue(ctx, actors, orgs.get('hz-inst')!.id, today))} 张今天的委托单，2 项减免额度`)
  await drain(database, listeners, ctx.now)
  await tellChanges(ctx, actors, budgets)
  await drain(database, listeners, ctx.now)
  say('  政策已按企业匹配，消息已送达')
}

type Orgs = Map<string, { id: string; province: string; region: string; name: string }>

async function tellOrganisations(ctx: Ctx, today: string): Promise<Orgs> {
  const orgs: Orgs = new Map()
  for (const body of bodies)
    orgs.set(
      body.key,
      must(await createOrganisation(ctx, { kind: body.kind, name: body.name, uscc: null, region: body.region, demo: true })),
    )
  for (const firm of enterprises) {
    const org = must(await createOrganisation(ctx, { kind: firm.kind, name: firm.name, uscc: firm.uscc, region: firm.region, demo: true }))
    orgs.set(firm.key, org)
    const told = [
      { fact: 'region', value: firm.region },
      { fact: 'subjectKind', value: firm.kind },
    ]
    // What instruments a firm has, its ledger says.
    const { instruments: _, ...facts } = firm.facts
    const reported = Object.entries(facts).map(([fact, value]) => ({ fact, value }))
    must(await recordFacts(ctx, org.id, told as never, { source: '营业执照', asOf: today }))
    // Some facts are older than a year, so that the platform asks whether they still hold.
    const asOf = addDays(today, firm.key.endsWith('2') ? -500 : -60)
    if (reported.length > 0) must(await recordFacts(ctx, org.id, reported as never, { source: '企业填报', asOf }))
  }
  return orgs
}

async function tellPeople(ctx: Ctx, database: Database, config: Config, orgs: Orgs, today: string): Promise<Map<string, Actor>> {
  const sessions = sessionsOf(config, database)
  const actors = new Map<string, Actor>()
  for (const person of [...people, ...regulatorsOffstage]) {
    const org = orgs.get(person.org)!
    const userId = await sessions.createAccount(person.login, person.name, demoPassword)
    const { id } = must(await createPerson(ctx, { name: person.name, userId }))
    if (person.unseated) continue
    must(await grantMembership(ctx, { orgId: org.id, personId: id, role: person.role, duty: person.duty, ...termOf(person, today) }))
    actors.set(person.login, { id, name: person.name, role: person.role, org_id: org.id, org_name: org.name, region: org.region })
  }
  return actors
}

const allScopes = ['ledger', 'orders', 'policy', 'money', 'people', 'confirm'] as const
const termOf = ({ duty, expiredDays }: DemoPerson, today: string) => ({
  scope: (duty === 'clerk' ? ['ledger', 'policy'] : [...allScopes]) as Scope[],
  startsOn: addDays(today, -400),
  ...(expiredDays !== undefined && { endsOn: addDays(today, -expiredDays) }),
})

async function tellPolicy(
  ctx: Ctx,
  actors: Map<string, Actor>,
  { content, author, publisher }: ReturnType<typeof demoPolicies>[number],
): Promise<void> {
  const as = (login: string): Ctx => ({ ...ctx, actor: actors.get(login)! })
  const draft = must(await saveDraft(as(author), { content, demo: true }))
  const review = must(await takeStep(as(author), draft.id, { step: 'submit', opinion: '', version: draft.version }))
  if (publisher) must(await takeStep(as(publisher), draft.id, { step: 'publish', opinion: '条款核对无误', version: review.version }))
}

const eventVersion = async ({ db }: Ctx, id: string): Promise<number> =>
  (await db.selectFrom('policy_events').select('version').where('id', '=', id).executeTakeFirst())?.version ?? 0

/** In the demo's own story nothing may be refused; if it is, the story is wrong. */
function must<T>(result: T): Exclude<T, { kind: 'invalid' | 'forbidden' | 'conflict' | 'missing'; reason: string }> {
  if (isRefusal(result)) throw new Error(`演示数据被拒绝：${result.reason}`)
  return result as never
}
