import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { fillRows, listeners as rowListeners, startMatching } from '../../commons/matching/index.server.ts'
import { recordFact } from '../../commons/people/index.server.ts'
import type { Organisation } from '../../commons/people/index.ts'
import { dryRun, settingOf } from '../../commons/policies/index.server.ts'
import { platform } from '../../core/access.ts'
import type { Ctx, Database } from '../../platform/db.server.ts'
import { drain } from '../../platform/jobs.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { examplePolicy } from './example-policy.ts'
import { listeners } from './listeners.server.ts'
import { orThrow, monday, worldOf, type World } from './test-world.server.ts'

/** The same story told to two platforms: one reads every profile, one asks the engine. */
let plain: Database
let quick: Database
const directory = mkdtempSync(path.join(tmpdir(), 'matching-'))
beforeAll(async () => {
  plain = await testDatabase(inject('template'))
  quick = await testDatabase(inject('template'))
})
afterAll(async () => {
  await plain.close()
  await quick.close()
  rmSync(directory, { recursive: true, force: true })
})

const firms = [
  ['合适', '330110', { employees: 12 }],
  ['没填', '330110', {}],
  ['太大', '330110', { employees: 300 }],
  ['外省', '340822', { employees: 12 }],
  ['只知省', '330000', { employees: 12 }],
] as const

async function tell(database: Database, hear: () => Promise<unknown>, between: () => Promise<unknown>) {
  const world: World = worldOf(database)
  const [author, checker] = [await world.officer('省局李工', '330000'), await world.officer('省局赵处', '330000')]
  const orgs: Organisation[] = []
  for (const [name, region, facts] of firms) orgs.push((await world.firm(name, region, facts)).org)
  await hear()
  await between()
  await world.publish(examplePolicy(), author, checker)
  await hear()
  const matches = async () =>
    (await database.db.selectFrom('policy_matches').selectAll().execute())
      .map(({ org_id, result, force }) => [orgs.find(({ id }) => id === org_id)!.name, result, force].join(' '))
      .toSorted()
  const first = await matches()
  const run = await dryRun(world.as({ ...author, region: '330000' }), examplePolicy(), { region: '330000' })
  orThrow(await recordFact(world.system(), { orgId: orgs[1]!.id, fact: 'employees', value: 5, source: '企业填报', asOf: '2026-11-01' }))
  await hear()
  // A new version for somebody else takes back what the first one gave.
  await world.publish({ ...examplePolicy(), rule: { op: 'region', mode: 'nested', codes: ['330300'], src: 'c1' } }, author, checker)
  await hear()
  const messages = (await world.messages()).map(({ orgId, template, number }) =>
    [orgs.find(({ id }) => id === orgId)?.name, template, number].join(' '),
  )
  return { first, last: await matches(), messages: messages.toSorted(), run: named(run) }
}

/** Without ids, which differ between two databases. */
const named = (run: unknown) =>
  JSON.parse(JSON.stringify(run, (key, value: unknown) => (key === 'orgId' || key === 'source' ? undefined : value))) as unknown
const sourceOf = (run: unknown) => (run as { source: { kind: string } }).source

describe('发布之后', () => {
  it('由引擎挑出候选企业，匹配、通知和试算都与逐家读取相同', async () => {
    const slow = await tell(
      plain,
      () => drain(plain, listeners, monday),
      async () => {},
    )
    const ctx: Ctx = { db: quick.db, actor: platform, now: monday }
    const both = [...rowListeners, ...listeners]
    let running: ReturnType<typeof startMatching> | undefined
    const fast = await tell(
      quick,
      () => drain(quick, both, monday),
      async () => {
        await fillRows(ctx)
        running = startMatching({
          database: quick,
          dataDir: directory,
          mode: 'web',
          now: () => monday,
          log: { error: console.error } as never,
          settingOf,
          lookEvery: 3_600_000,
        })
        await running.ready
        expect(sourceOf(await dryRun(ctx, examplePolicy(), { region: '330000' }))).toEqual({ kind: 'engine' })
      },
    )
    expect(fast).toEqual(slow)
    expect(fast.first).toHaveLength(3)
    // Somewhere in the province may be in the city.
    expect(fast.last).toEqual(['示例·只知省 unknown apply-for'])
    await running!.stop()
  })
})
