import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Change } from './changes.ts'
import { shardOf } from './shard.ts'
import { startShards, type Shards } from './shards.server.ts'
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
const start = (): Shards => {
  const shards = startShards(starts)
  open.push(shards)
  return shards
}

async function same(shards: Shards, store: Store): Promise<void> {
  expect(await shards.size()).toBe(store.size)
  expect(await shards.matchAll(world.rules)).toEqual(world.rules.map((rule) => store.match(rule)))
  const sorted = (keys: Uint32Array): number[] => [...keys].sort((a, b) => a - b)
  for (const rule of world.rules.slice(0, 5)) {
    const keys = await shards.keys(rule)
    const sets = store.sets(rule)
    expect([sorted(keys.eligible), sorted(keys.possible)]).toEqual([
      sorted(store.keysIn(sets.eligible)),
      sorted(store.keysIn(sets.possible)),
    ])
  }
}

describe('分片', () => {
  it('每个地区只归一个分片；没有地区的归最后一个', () => {
    expect(['110000', '330108', '330109', '339999', '340000', '659000'].map((region) => shardOf(starts, { region }))).toEqual([
      0, 0, 1, 1, 2, 2,
    ])
    expect(shardOf(starts, {})).toBe(2)
    expect(() => startShards(['330000'])).toThrow('empty code')
  })

  it('与不分片的结果相同；企业跨片搬迁、注销之后，以及从快照读回之后也相同', async () => {
    const store = buildStore(rows, world.setting)
    const shards = start()
    await expect(shards.matchAll(world.rules)).rejects.toThrow('no rows yet')
    await shards.build(rows, world.setting)
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
    const again = start()
    await again.load(directory, world.setting)
    await same(again, store)
  })

  it('一条不能保存，哪个分片都不写；没有快照就说明缺什么', async () => {
    const shards = start()
    await shards.build(rows.slice(0, 10), world.setting)
    await expect(
      shards.apply([
        { key: 1, gone: true },
        { key: 2, facts: { instruments: { scale: 0.5 } } },
      ]),
    ).rejects.toThrow('a count is a whole number')
    expect(await shards.size()).toBe(10)
    await expect(shards.load(path.join(directory, 'nowhere'), world.setting)).rejects.toThrow('缺少文件 manifest')
  })
})
