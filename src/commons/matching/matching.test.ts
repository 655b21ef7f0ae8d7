import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { platform } from '../../core/access.ts'
import { regionPrefix } from '../../core/eligibility/codes.ts'
import { evaluate } from '../../core/eligibility/evaluate.ts'
import type { Setting } from '../../core/eligibility/facts.ts'
import { arbitraryRule } from '../../core/eligibility/rule.arbitrary.ts'
import { NO, YES, type Rule } from '../../core/eligibility/rule.ts'
import { isRefusal, type Refusal } from '../../core/refusal.ts'
import { enterprises } from '../../demo/enterprises.ts'
import { decodeFacts, encodeFacts, type MatchColumns } from '../../matching/index.ts'
import type { Ctx, Database } from '../../platform/db.server.ts'
import { drain } from '../../platform/jobs.server.ts'
import { onCluster, testCluster, testDatabase } from '../../platform/test-database.server.ts'
import { createOrganisation, listProfilesForMatching, recordFact, recordFacts } from '../people/index.server.ts'
import type { Profile } from '../people/index.ts'
import { candidatesFor, countEnterprises } from './answers.server.ts'
import { busily, counters, forgetEngine, heldEngine, loadEngine, onTrouble, saveEngine, type Engine } from './engine.server.ts'
import { saySource } from './model.ts'
import { matchingMetrics, startMatching } from './process.server.ts'
import { fillRows, headOf, listeners, pendingEvents } from './rows.server.ts'
import { check, sampledKeys, shadowing, type Mismatch } from './shadow.server.ts'

const now = '2026-11-23T01:00:00.000Z'
const setting: Setting = { asOf: '2026-11-23', events: { epidemic: { from: '2020-01-20' } }, alliances: { delta: ['330000', '340000'] } }
const orThrow = <T>(answer: T | Refusal): T => {
  if (isRefusal(answer)) throw new Error(answer.reason)
  return answer as T
}

let database: Database
let ctx: Ctx
const gathered = async <T>(batches: AsyncIterable<T[]>): Promise<T[]> => {
  const all: T[] = []
  for await (const batch of batches) all.push(...batch)
  return all
}
const profiles = async (): Promise<Profile[]> => gathered(listProfilesForMatching(ctx))
const rows = () => database.db.selectFrom('match_rows').selectAll().execute()
const hear = () => drain(database, listeners, now)
const engineNow = async (): Promise<Engine> => heldEngine((await headOf(ctx)).generation)!

const asked: Rule[] = [
  {
    op: 'all',
    of: [
      { op: 'region', mode: 'nested', codes: ['330000'] },
      { op: 'in', fact: 'size', values: ['micro', 'small', 'individual'] },
    ],
  },
  { op: 'not', of: { op: 'within', fact: 'industry', codes: ['C34', 'C40'] } },
  { op: 'holds', kinds: ['pressure-gauge'], min: 2 },
  { op: 'flag', fact: 'hardship' },
]

/** What the evaluator says when it looks at everybody. */
async function byProfiles(rule: Rule, prefix: string) {
  const truths = (await profiles()).filter(({ org }) => org.region.startsWith(prefix)).map(({ facts }) => evaluate(rule, facts, setting))
  return { eligible: truths.filter((truth) => truth === YES).length, possible: truths.filter((truth) => truth !== NO).length }
}

/** Told from the beginning on each kind of database. */
const story = (open: () => Promise<Database>) => () => {
  beforeAll(async () => {
    database = await open()
    ctx = { db: database.db, actor: platform, now }
    for (const firm of enterprises) {
      const org = orThrow(
        await createOrganisation(ctx, { kind: firm.kind, name: firm.name, uscc: firm.uscc, region: firm.region, demo: true }),
      )
      const given = Object.entries({ ...firm.facts, instruments: { 'pressure-gauge': 3 } }).map(([fact, value]) => ({ fact, value }))
      orThrow(await recordFacts(ctx, org.id, given, { source: '企业填报', asOf: '2026-10-01' }))
    }
    // Known by its province only: in a question about a county it counts as nobody.
    orThrow(await createOrganisation(ctx, { kind: 'enterprise', name: '示例·只知省', uscc: null, region: '330000' }))
  }, 120_000)
  afterAll(async () => {
    await forgetEngine((await headOf(ctx)).generation!)
    await database.close()
  })

  describe('企业匹配表', () => {
    it('没有建立或落后时不作答，请调用者逐家读取', async () => {
      expect(await countEnterprises(ctx, asked, setting, '')).toEqual({ source: { kind: 'profiles', why: '企业匹配表还没有建立' } })
      expect((await candidatesFor(ctx, asked[0]!, setting)).batches).toBeUndefined()
    })

    it('一次建成，演示世界每家企业都与企业信息相同', async () => {
      expect(await fillRows(ctx)).toBe(enterprises.length + 1)
      const byOrg = new Map((await rows()).map((row) => [row.org_id, row]))
      const all = await profiles()
      expect(byOrg.size).toBe(all.length)
      for (const { org, facts } of all) {
        const row = byOrg.get(org.id)!
        expect(row).toMatchObject({ ...encodeFacts(facts, regionPrefix), province: org.province, region: org.region })
        for (const rule of asked)
          expect(evaluate(rule, decodeFacts(row as unknown as MatchColumns), setting)).toBe(evaluate(rule, facts, setting))
      }
      expect(new Set([...byOrg.values()].map(({ key }) => key)).size).toBe(all.length)
    })

    it('随企业信息变化；听到之前说明落后，听两遍不变，重建后序号不变', async () => {
      const { org } = (await profiles())[0]!
      orThrow(await recordFact(ctx, { orgId: org.id, fact: 'employees', value: 7, source: '企业填报', asOf: '2026-11-01' }))
      expect(await countEnterprises(ctx, asked, setting, '')).toEqual({ source: { kind: 'profiles', why: '企业匹配表落后 1 处变更' } })
      await hear()
      expect(await pendingEvents(ctx)).toBe(0)
      const row = (await rows()).find(({ org_id }) => org_id === org.id)!
      expect(row).toMatchObject({ employees: 7 })
      await fillRows(ctx)
      expect((await rows()).find(({ org_id }) => org_id === org.id)!.key).toBe(row.key)
    })
  })

  describe('三条路的答案', () => {
    it('引擎（不分片与分片）、数据库、逐家判断：全国、省、市、县都相同', async () => {
      const random = fc.sample(arbitraryRule({ known: true }), { numRuns: 40, seed: 5 })
      const places = ['', '33', '3301', '330110']
      const compare = async (kind: string) => {
        for (const prefix of places) {
          const answer = await countEnterprises(ctx, [...asked, ...random], setting, prefix)
          expect(answer.source.kind).toBe(kind)
          for (const [i, rule] of [...asked, ...random].entries())
            expect([prefix, rule, 'counts' in answer && answer.counts[i]]).toEqual([prefix, rule, await byProfiles(rule, prefix)])
        }
      }
      await forgetEngine((await headOf(ctx)).generation!)
      await compare('sql')
      for (const limits of [{}, { rowsOfMemory: 5 }]) {
        await loadEngine(ctx, setting, limits)
        await compare('engine')
      }
    }, 120_000)

    it('候选企业恰好是符合与待补充的', async () => {
      for (const rule of asked) {
        const wanted = (await profiles()).filter(({ facts }) => evaluate(rule, facts, setting) !== NO).map(({ org }) => org.id)
        const { source, batches } = await candidatesFor(ctx, rule, setting)
        expect(source.kind).toBe('engine')
        expect((await gathered(batches!)).toSorted()).toEqual(wanted.toSorted())
      }
    })

    it('引擎按序号跟上新的一行，换一天也换答案', async () => {
      const engine = await engineNow()
      const { org } = (await profiles())[1]!
      const mark = engine.mark
      orThrow(await recordFact(ctx, { orgId: org.id, fact: 'hardship', value: true, source: '企业填报', asOf: '2026-11-01' }))
      await hear()
      const flag: Rule = { op: 'flag', fact: 'hardship' }
      expect(await countEnterprises(ctx, [flag], setting, '')).toEqual({ source: { kind: 'engine' }, counts: [await byProfiles(flag, '')] })
      expect(engine.mark).toBeGreaterThan(mark)
      const window: Rule = { op: 'window', anchor: 'acceptedOn', from: '2026-12-01' }
      const on = async (asOf: string) => {
        const answer = await countEnterprises(ctx, [window], { ...setting, asOf }, '')
        return 'counts' in answer ? answer.counts[0]!.eligible : undefined
      }
      expect([await on('2026-11-23'), await on('2026-12-01')]).toEqual([0, enterprises.length + 1])
      expect(await Promise.all(['2026-12-01', '2026-11-23', '2026-12-02', '2026-11-24'].map(on))).toEqual([
        enterprises.length + 1,
        0,
        enterprises.length + 1,
        0,
      ])
    })
  })

  describe('快照', () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'matching-'))
    afterAll(() => rmSync(directory, { recursive: true, force: true }))

    it('重启从快照装载，跟上之后的变更；另一次建表的快照不用', async () => {
      const saved = await engineNow()
      await saveEngine(saved, directory)
      await forgetEngine(saved.generation)
      const { org } = (await profiles())[2]!
      orThrow(await recordFact(ctx, { orgId: org.id, fact: 'hardship', value: true, source: '企业填报', asOf: '2026-11-01' }))
      await hear()
      const loaded = await loadEngine(ctx, setting, { directory })
      expect(loaded!.mark).toBe(saved.mark)
      const flag: Rule = { op: 'flag', fact: 'hardship' }
      expect(await countEnterprises(ctx, [flag], setting, '')).toEqual({ source: { kind: 'engine' }, counts: [await byProfiles(flag, '')] })
      await fillRows(ctx)
      const built = await loadEngine(ctx, setting, { directory })
      expect(built!.generation).not.toBe(saved.generation)
      expect(built!.mark).toBe((await headOf(ctx)).seq)
    })

    it('进程启动：装载、跟进、停止时存快照；计数可查', async () => {
      await forgetEngine((await headOf(ctx)).generation!)
      const log = { error: () => {} } as never
      const start = () =>
        startMatching({ database, dataDir: directory, mode: 'web', now: () => now, log, settingOf: async () => setting, lookEvery: 60_000 })
      const running = start()
      await running.ready
      await running.stop()
      expect((await loadEngine(ctx, setting, { directory: path.join(directory, 'matching', 'web') }))!.mark).toBe((await headOf(ctx)).seq)
      const lines = await matchingMetrics(ctx)
      expect(lines).toContain(`hengqi_matching_engine_enterprises ${enterprises.length + 1}`)
      expect(lines).toContain('hengqi_matching_engine_lag_rows 0')
      expect(lines).toContain('hengqi_matching_rows_lag_events 0')
    })
  })

  describe('引擎出错', () => {
    it('分片断了：数据库作答并说明，计数、告警；再看一轮就重新装载', async () => {
      const told: unknown[] = []
      onTrouble((error) => told.push(error))
      const engine = await engineNow()
      await engine.shards.close()
      const { failures } = counters
      const flag: Rule = { op: 'flag', fact: 'hardship' }
      const counts = [await byProfiles(flag, '')]
      expect(await countEnterprises(ctx, [flag], setting, '')).toEqual({
        source: { kind: 'sql', why: '匹配引擎出错，正在重新装载' },
        counts,
      })
      expect([counters.failures, told.map(String)]).toEqual([failures + 1, ['Error: The shard has ended.']])
      expect(await countEnterprises(ctx, [flag], setting, '')).toEqual({ source: { kind: 'sql', why: '匹配引擎正在装载' }, counts })
      expect((await candidatesFor(ctx, flag, setting)).source).toEqual({ kind: 'sql', why: '匹配引擎正在装载' })
      await loadEngine(ctx, setting)
      expect(await countEnterprises(ctx, [flag], setting, '')).toEqual({ source: { kind: 'engine' }, counts })
    })

    it('整理和存盘时不让人等：由数据库作答', async () => {
      const engine = await engineNow()
      const during = await busily(engine, '匹配引擎正在整理', async () => (await countEnterprises(ctx, asked, setting, '')).source)
      expect(during).toEqual({ kind: 'sql', why: '匹配引擎正在整理' })
      expect((await countEnterprises(ctx, asked, setting, '')).source.kind).toBe('engine')
    })
  })

  describe('抽查', () => {
    const told: Mismatch[] = []
    beforeAll(() => shadowing({ every: 1, tell: (mismatch) => told.push(mismatch) }))
    afterAll(() => shadowing({ every: 1_000, tell: () => {} }))
    const flag: Rule = { op: 'flag', fact: 'hardship' }

    it('千分之一，同一问题抽到同一批', () => {
      expect(sampledKeys(1_000_000, '甲', 1_000)).toEqual(sampledKeys(1_000_000, '甲', 1_000))
      expect(sampledKeys(100_000, '甲', 1_000).length).toBeGreaterThan(90)
      expect(sampledKeys(3, '甲', 1)).toEqual([1, 2, 3])
      const few = Array.from({ length: 5_000 }, (_, i) => sampledKeys(100, `第${i}问`, 1_000).length).reduce((sum, n) => sum + n, 0)
      expect(few).toBeGreaterThan(350)
      expect(few).toBeLessThan(650)
    })

    it('问的时候又变了的企业，不算引擎的错', async () => {
      const engine = await engineNow()
      const rule: Rule = { op: 'range', fact: 'employees', gte: 1_000_000 }
      const { checks, mismatches } = counters
      const [row] = await rows()
      await engine.shards.apply([{ key: Number(row!.key), facts: { employees: 2_000_000 } }])
      // Heard of, but not yet by the engine.
      await database.db
        .updateTable('match_rows')
        .set({ seq: engine.mark + 1n })
        .where('key', '=', row!.key)
        .execute()
      await check(ctx, engine, rule, setting)
      expect([counters.checks - checks, counters.mismatches, told]).toEqual([enterprises.length, mismatches, []])
      await database.db.updateTable('match_rows').set({ seq: row!.seq }).where('key', '=', row!.key).execute()
      await forgetEngine(engine.generation)
      await loadEngine(ctx, setting)
    })

    it('一致时只计数', async () => {
      const { checks, mismatches } = counters
      await countEnterprises(ctx, asked, setting, '')
      expect(counters.checks - checks).toBe(asked.length * (enterprises.length + 1))
      expect([counters.mismatches, told]).toEqual([mismatches, []])
    })

    it('不一致时计数、告警、停用引擎，此后由数据库作答', async () => {
      const { mismatches } = counters
      const engine = await engineNow()
      const [row] = await rows()
      await engine.shards.apply([{ key: Number(row!.key), facts: { hardship: !(row as never as { hardship: boolean | null }).hardship } }])
      await countEnterprises(ctx, [flag], setting, '')
      expect(counters.mismatches).toBe(mismatches + 1)
      expect(told).toMatchObject([{ orgId: row!.org_id, rule: flag, asOf: setting.asOf }])
      const after = await countEnterprises(ctx, [flag], setting, '')
      expect(after).toEqual({
        source: { kind: 'sql', why: '抽查发现匹配引擎与逐条判断不一致，已停用' },
        counts: [await byProfiles(flag, '')],
      })
      expect(saySource(after.source)).toBe('由数据库查询得出（抽查发现匹配引擎与逐条判断不一致，已停用）')
      expect(await matchingMetrics(ctx)).toContain('hengqi_matching_engine_up 0')
    })
  })
}

describe(
  '全国匹配',
  story(() => testDatabase(inject('template'))),
)
describe.skipIf(!onCluster)('全国匹配，按省分布在 Citus 上（TEST_CITUS_URL；没有设时跳过）', story(testCluster))
