import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Rule } from '../core/eligibility/rule.ts'
import type { Change } from './changes.ts'
import { isRefusal } from '../core/refusal.ts'
import { shardOf, shardStarts } from './shard.ts'
import { loadShards, startShards, type Shards } from './shards.server.ts'
import { buildStore, type Store } from './store.ts'
import { drawRows, generator, sampleWorld } from './world.arbitrary.ts'

const world = sampleWorld(31, 300, 40)
const { rows } = drawRows(world, 2500, 31)
const starts = ['', '330109', '340000']
const directory = mkdtempSync(path.join(os.tmpdir(), 'hengqi-shards-'))
const open: Shards[] = []
afterAll(async () => {
  await Promise.all(open.map((shards) => shards.close()))
  rmSync(directory, { recursive: true })
})
const kept = (shards: Shards): Shards => {
  open.push(shards)
  return shards
}
const start = (): Shards => kept(startShards(starts))
const loaded = async (from: string): Promise<Shards> => {
  const answer = await loadShards(from, world.setting)
  if (isRefusal(answer)) throw new Error(answer.reason)
  expect(answer.mark).toBe('序号 7')
  return kept(answer.shards)
}

async function same(shards: Shards, store: Store): Promise<void> {
  expect(shards.state).toMatchObject({ size: store.size })
  expect(await shards.matchAll(world.rules)).toEqual(world.rules.map((rule) => store.match(rule)))
  const sorted = (keys: Uint32Array): number[] => [...keys].sort((a, b) => a - b)
  const asked = Array.from({ length: 2700 }, (_, key) => key)
  for (const rule of world.rules.slice(0, 5)) {
    const sets = store.sets(rule)
    for (const which of ['eligible', 'possible'] as const)
      expect(sorted(await shards.keys(rule, which))).toEqual(sorted(store.keysIn(sets[which])))
    expect(await shards.truthsFor(rule, asked)).toEqual(store.truthsFor(rule, asked))
  }
}

/** In pages of odd lengths, the first one empty. */
const pages = [[], rows.slice(0, 7), rows.slice(7)]

describe('分片', () => {
  it('每个地区只归一个分片；没有地区的归最后一个', () => {
    expect(['110000', '330108', '330109', '339999', '340000', '659000'].map((region) => shardOf(starts, { region }))).toEqual([
      0, 0, 1, 1, 2, 2,
    ])
    expect(shardOf(starts, {})).toBe(2)
    expect(() => startShards(['330000'])).toThrow('empty code')
  })

  it('边界按各地区的行数取，地区不拆开', () => {
    const regions = [
      ['330102', 10],
      ['110000', 30],
      ['330106', 40],
      ['650000', 20],
    ] as const
    expect(shardStarts(regions, 2)).toEqual(['', '330106'])
    expect(shardStarts(regions, 3)).toEqual(['', '330102', '650000'])
    expect(shardStarts(regions, 1)).toEqual([''])
    expect(shardStarts([['440000', 5]], 4)).toEqual([''])
    expect(shardStarts([], 4)).toEqual([''])
  })

  it('与不分片的结果相同；企业跨片搬迁、注销之后，以及从快照读回之后也相同', async () => {
    const store = buildStore(rows, world.setting)
    const shards = start()
    await expect(shards.matchAll(world.rules)).rejects.toThrow('no rows yet')
    await shards.build(pages, world.setting)
    await same(shards, store)
    const random = generator(32)
    const changes: Change[] = Array.from({ length: 300 }, () => {
      const key = Math.floor(random() * 2600)
      return random() < 0.2 ? { key, gone: true } : { key, facts: world.pool[Math.floor(random() * world.pool.length)]! }
    })
    store.apply(changes)
    await shards.apply(changes)
    await same(shards, store)
    await shards.save(directory, '序号 7')
    await same(await loaded(directory), store)
    await shards.compact()
    store.compact()
    await same(shards, store)
  })

  it('换一天：此后的问题按新的一天回答，先前问的不变', async () => {
    const window: Rule = { op: 'window', anchor: 'acceptedOn', from: '2031-01-01' }
    const shards = start()
    await shards.build([rows], world.setting)
    const later = { ...world.setting, asOf: '2031-01-01' }
    const answers = await Promise.all([shards.match(window), shards.use(later).match(window)])
    const store = buildStore(rows, world.setting)
    const before = store.match(window)
    store.setSetting(later)
    expect(answers).toEqual([before, store.match(window)])
    expect(answers[0]).not.toEqual(answers[1])
  })

  it('换存一次：写到一半断了，读到的仍是上一次的；各分片时刻不同就不用', async () => {
    const from = path.join(directory, 'twice')
    const shards = start()
    await shards.build(pages, world.setting)
    await shards.save(from, '序号 7')
    mkdirSync(path.join(from, 'state-half', 'shard-0'), { recursive: true })
    await same(await loaded(from), buildStore(rows, world.setting))
    await shards.save(from, '序号 7')
    expect(readdirSync(from).filter((each) => each.startsWith('state-'))).toHaveLength(1)
    const list = path.join(from, 'shards.json')
    writeFileSync(list, readFileSync(list, 'utf8').replace('序号 7', '序号 8'))
    expect(await loadShards(from, world.setting)).toMatchObject({ code: 'BAD_SNAPSHOT', reason: expect.stringContaining('不是同一时刻') })
  })

  it('一条不能保存，哪个分片都不写；没有快照就说明缺什么', async () => {
    const shards = start()
    await shards.build([rows.slice(0, 10)], world.setting)
    await expect(
      shards.apply([
        { key: 1, gone: true },
        { key: 2, facts: { instruments: { scale: 0.5 } } },
      ]),
    ).rejects.toThrow('a count is a whole number')
    expect(shards.state.size).toBe(10)
    expect(await loadShards(path.join(directory, 'nowhere'), world.setting)).toMatchObject({ code: 'BAD_SNAPSHOT' })
    const from = path.join(directory, 'part')
    await shards.save(from, '序号 7')
    const { folder } = JSON.parse(readFileSync(path.join(from, 'shards.json'), 'utf8')) as { folder: string }
    rmSync(path.join(from, folder, 'shard-1', 'manifest'))
    expect(await loadShards(from, world.setting)).toMatchObject({ reason: expect.stringContaining('缺少文件 manifest') })
  })
})
