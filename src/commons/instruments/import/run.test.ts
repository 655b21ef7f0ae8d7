/** 断了接着来，两个进程同时来：结果和没断过一样。 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { orThrow } from '../../../core/test-refusal.ts'
import type { Ctx, Database, Db } from '../../../platform/db.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { stageOf } from '../../people/test-stage.server.ts'
import { startImport, takeImportStep } from './commands.server.ts'
import { findImport } from './queries.server.ts'
import { resumeImports, runImport } from './run.server.ts'
import { sampleOffset, sampleRows, sampleSheet } from './sample-sheet.server.ts'
import { keepersOf, settled, badRows, held } from './test-import.server.ts'

let database: Database
let firm: () => Promise<Ctx>
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  firm = keepersOf(stageOf(database))
})
afterAll(() => database.close())

describe('断了接着来', () => {
  /** The process dies at its `n`-th transaction: nothing of that one is kept, and nothing is written after it. */
  const dying = (ctx: Ctx, n: number): Ctx => {
    let left = n
    const db = new Proxy(ctx.db, {
      get(target, name) {
        if (name === 'transaction' && --left < 0) throw new Error('killed')
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
    return { ...ctx, db: db as Db }
  }

  it('读到一半、登记到一半断了，接着来的结果和没断过一样，一件不多一件不少', async () => {
    const ctx = await firm()
    const rows = sampleRows(1200, 9)
    const sheet = await sampleSheet(rows)
    const { id } = orThrow(await startImport(dying(ctx, 3), { name: '断.xlsx', bytes: sheet }))
    const stopped = await settled(ctx, id)
    expect(stopped).toMatchObject({ state: 'reading', rows_read: 500, rows_total: null })
    await runImport(ctx, id)
    const read = (await findImport(ctx, id))!
    expect(read).toMatchObject({ state: 'preview', rows_total: 1202, counts: { new: 1191, bad: 9 } })
    expect((await badRows(ctx, read)).map(({ row }) => row)).toEqual(rows.flatMap(({ mistake }, n) => (mistake ? [n + sampleOffset] : [])))

    await takeImportStep(dying(ctx, 4), id, 'apply', read.version)
    const half = await settled(ctx, id)
    expect(half.state).toBe('applying')
    expect(half.applied).toBeGreaterThan(0)
    expect(await held(ctx)).toBe(half.applied)
    await runImport(ctx, id)
    expect(await findImport(ctx, id)).toMatchObject({ state: 'preview', applied: 1191, counts: { pending: { new: 0 } } })
    expect(await held(ctx)).toBe(1191)
  })

  it('没人管了的由定时任务接着办；还在动的不碰', async () => {
    const ctx = await firm()
    const { id } = orThrow(await startImport(dying(ctx, 2), { name: '定时.xlsx', bytes: await sampleSheet(sampleRows(600, 0)) }))
    const left = await settled(ctx, id)
    const at = (seconds: number): Ctx => ({ ...ctx, now: new Date(Date.parse(left.touched_at) + seconds * 1000).toISOString() })
    expect(await resumeImports(at(60))).toBe(0)
    expect(await resumeImports(at(100))).toBe(1)
    expect(await settled(ctx, id)).toMatchObject({ state: 'preview', counts: { new: 600 } })
  })

  it('两个进程同时读同一个文件，行和件数都不重复', async () => {
    const ctx = await firm()
    const { id } = orThrow(await startImport(ctx, { name: '抢.xlsx', bytes: await sampleSheet(sampleRows(1000, 0)) }))
    await Promise.all([runImport(ctx, id), runImport(ctx, id)])
    const read = await settled(ctx, id)
    expect(read.counts).toMatchObject({ new: 1000, bad: 0 })
    orThrow(await takeImportStep(ctx, id, 'apply', read.version))
    await Promise.all([runImport(ctx, id), runImport(ctx, id)])
    expect((await settled(ctx, id)).applied).toBe(1000)
    expect(await held(ctx)).toBe(1000)
  })
})
