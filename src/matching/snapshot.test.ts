import { appendFileSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadSnapshot, saveSnapshot } from './snapshot.server.ts'
import { buildStore } from './store.ts'
import { differences, drawRows, sampleWorld } from './world.arbitrary.ts'

const world = sampleWorld(21, 300, 60)
const { rows, drawn } = drawRows(world, 3001, 21)
const directory = mkdtempSync(path.join(os.tmpdir(), 'hengqi-snapshot-'))
afterAll(() => rmSync(directory, { recursive: true }))

const filesOf = (): string[] => {
  const folder = readdirSync(directory).find((name) => name.startsWith('columns-'))!
  return ['manifest', ...readdirSync(path.join(directory, folder)).map((name) => path.join(folder, name))].map((name) =>
    path.join(directory, name),
  )
}
const reasonOf = (): string => {
  const loaded = loadSnapshot(directory, world.setting)
  return 'store' in loaded ? 'loaded' : loaded.reason
}

describe('快照', () => {
  beforeAll(() => {
    const store = buildStore(rows, world.setting)
    store.apply([
      { key: 5, facts: world.pool[drawn[5]!]! },
      { key: 6, gone: true },
    ])
    saveSnapshot(store, directory, '先前')
    saveSnapshot(store, directory, '序号 42')
  })

  it('读回来处处相同，改动之后也相同', () => {
    const loaded = loadSnapshot(directory, world.setting)
    if (!('store' in loaded)) throw new Error(loaded.reason)
    const { store, mark } = loaded
    expect(mark).toBe('序号 42')
    const factsOf = (key: number) => world.pool[drawn[key]!]
    for (const rule of world.rules) expect(differences(store, rule, factsOf)).toEqual([])
    drawn[7] = 3
    store.apply([{ key: 7, facts: world.pool[3]! }])
    for (const rule of world.rules) expect(differences(store, rule, factsOf)).toEqual([])
    expect(readdirSync(directory).filter((name) => name.startsWith('columns-'))).toHaveLength(1)
  })

  it('没有清单、缺文件、没写完、多一字节、翻一位，都不用，并说明是哪一个', () => {
    for (const file of filesOf()) {
      const name = path.basename(file)
      const whole = readFileSync(file)
      renameSync(file, `${file}.away`)
      expect(reasonOf()).toContain(`缺少文件 ${name}`)
      renameSync(`${file}.away`, file)
      truncateSync(file, Math.max(0, statSync(file).size - 1))
      expect(reasonOf()).toContain(name)
      writeFileSync(file, whole)
      appendFileSync(file, 'x')
      expect(reasonOf()).toContain(`文件 ${name} 没有写完`)
      for (const at of [0, 8, 20, whole.length - 1]) {
        const bent = Buffer.from(whole)
        bent[at]! ^= 4
        writeFileSync(file, bent)
        expect(reasonOf(), `${name} at ${at}`).toContain(name)
      }
      writeFileSync(file, whole)
    }
    expect(reasonOf()).toBe('loaded')
  })
})
