/** 导入的全程：读、判断、选列、改、登记；重来不重复，别家看不到。 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { orThrow, refusalOf } from '../../../core/test-refusal.ts'
import type { Ctx, Database } from '../../../platform/db.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { stageOf } from '../../people/test-stage.server.ts'
import { countsByState } from '../queries.server.ts'
import { chooseColumns, repeatImport, startImport, takeImportStep } from './commands.server.ts'
import { desk } from './desk.server.ts'
import { mendRows } from './mending.server.ts'
import { findImport } from './queries.server.ts'
import { sampleOffset, sampleRows, sampleSheet } from './sample-sheet.server.ts'
import { keepersOf, csv, settled, bring, apply, badRows, held, ledger, reasons } from './test-import.server.ts'

let database: Database
let firm: () => Promise<Ctx>
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  firm = keepersOf(stageOf(database))
})
afterAll(() => database.close())

describe('三千行，四十一行有问题', () => {
  it('先登记 2,959 件，改好后 3,000 件；同一个文件再来，一件也不多', async () => {
    const ctx = await firm()
    const rows = sampleRows(3000, 41)
    const sheet = await sampleSheet(rows)
    const read = await bring(ctx, sheet)
    expect(read).toMatchObject({ state: 'preview', rows_total: 3002, counts: { new: 2959, bad: 41, same: 0, change: 0, skip: 0 } })
    expect(await held(ctx)).toBe(0)
    const bad = await badRows(ctx, read)
    expect(bad.map(({ row }) => row)).toEqual(rows.flatMap(({ mistake }, n) => (mistake ? [n + sampleOffset] : [])))
    for (const each of bad) {
      const { field } = rows[each.row - sampleOffset]!
      expect(
        each.problems.filter(({ level }) => level === 'bad').map((problem) => problem.field),
        String(each.row),
      ).toEqual([field])
    }
    expect(await desk(ctx)).toMatchObject([{ title: '导入“台账.xlsx”：2959 件可以登记，41 行有问题', action: '确认登记' }])

    const applied = await apply(ctx, read)
    expect(applied).toMatchObject({ state: 'preview', applied: 2959, counts: { bad: 41, pending: { new: 0, change: 0 } } })
    expect(await held(ctx)).toBe(2959)
    expect(await countsByState(ctx)).toEqual({ 'in-use': 2959 })

    const counts = orThrow(
      await mendRows(
        ctx,
        read.id,
        bad.map(({ row }) => {
          const { field, right, mistake } = rows[row - sampleOffset]!
          return { row, texts: { [field!]: mistake === 'twice' ? `${right}-改` : right } }
        }),
      ),
    )
    expect(counts).toMatchObject({ bad: 0, pending: { new: 41 } })
    const done = await apply(ctx, (await findImport(ctx, read.id))!)
    expect(done).toMatchObject({ state: 'done', applied: 3000, counts: { new: 3000, bad: 0 } })
    expect(await held(ctx)).toBe(3000)
    expect(await desk(ctx)).toEqual([])

    expect(orThrow(await startImport(ctx, { name: '台账.xlsx', bytes: sheet }))).toEqual({ id: read.id, again: true })
    const again = await settled(ctx, orThrow(await repeatImport(ctx, read.id)).id)
    // Rows that lack a name or have a strange state are known by their codes now; the others are as wrong as before.
    expect(again).toMatchObject({ state: 'preview', counts: { new: 0, same: 2969, change: 0, bad: 31 } })
    expect(await held(ctx)).toBe(3000)
  }, 120_000)
})

describe('列', () => {
  it('认错的列可以改，改了重新判断，改好的格子还在；同一项选两列、没有名称，说明原因', async () => {
    const ctx = await firm()
    const read = await bring(ctx, csv(['编号A', '编号B', '物件', '放哪'], ['1', 'X', '压力表', '甲'], ['2', 'Y', '=bad', '乙']))
    expect(read).toMatchObject({ state: 'preview', counts: { new: 0, bad: 3 } })
    expect(reasons(await badRows(ctx, read))[0]).toContain('还没有指明哪一列是器具名称')
    const choose = (fields: string[], headerRow = 1) =>
      findImport(ctx, read.id).then((row) => chooseColumns(ctx, read.id, { headerRow, fields, version: row!.version }))
    // Without headers only the row of headers is taken first; then the columns are chosen.
    orThrow(await choose([], 1))
    await settled(ctx, read.id)
    expect(refusalOf(await choose(['code', 'code', 'name', '']))).toMatchObject({
      kind: 'invalid',
      fields: { 'column-0': expect.stringContaining('选了两列') },
    })
    expect(refusalOf(await choose(['code', '', '', 'place'])).reason).toContain('器具名称')
    expect(refusalOf(await choose(['code', '', 'name', 'place'], 99)).reason).toContain('第 99 行')
    orThrow(await choose(['', 'code', 'name', 'place']))
    expect((await settled(ctx, read.id)).counts).toMatchObject({ new: 1, bad: 1 })
    orThrow(await mendRows(ctx, read.id, [{ row: 3, texts: { name: '卡尺' } }]))
    orThrow(await choose(['code', '', 'name', 'place']))
    expect((await settled(ctx, read.id)).counts).toMatchObject({ new: 2, bad: 0 })
    await apply(ctx, (await findImport(ctx, read.id))!)
    expect((await ledger(ctx)).map(({ code, name, place }) => [code, name, place])).toEqual([
      ['1', '压力表', '甲'],
      ['2', '卡尺', '乙'],
    ])
    expect(refusalOf(await chooseColumns(ctx, read.id, { headerRow: 1, fields: ['code'], version: read.version })).code).toBe('STALE')
  })

  it('行可以放到一边，也可以再拿回来', async () => {
    const ctx = await firm()
    const read = await bring(ctx, csv(['器具编号', '名称', '周期'], ['1', '压力表', '随缘'], ['2', '压力表', '12']))
    expect(orThrow(await mendRows(ctx, read.id, [{ row: 2, texts: {}, aside: true }]))).toMatchObject({ bad: 0, skip: 1 })
    expect(orThrow(await mendRows(ctx, read.id, [{ row: 2, texts: {}, aside: false }]))).toMatchObject({ bad: 1, skip: 0 })
    expect(orThrow(await mendRows(ctx, read.id, [{ row: 2, texts: { intervalMonths: '还是随缘' } }]))).toMatchObject({ bad: 1 })
    expect((await badRows(ctx, read))[0]!.cells.mended).toEqual({ intervalMonths: '还是随缘' })
    expect(orThrow(await mendRows(ctx, read.id, [{ row: 2, texts: { intervalMonths: '' } }]))).toMatchObject({ bad: 0, new: 2 })
  })
})

describe('谁的导入', () => {
  it('别家的导入看不到，也动不了', async () => {
    const [own, other] = [await firm(), await firm()]
    const read = await bring(own, csv(['器具编号', '名称'], ['1', '压力表']))
    expect(await findImport(other, read.id)).toBeUndefined()
    expect(refusalOf(await takeImportStep(other, read.id, 'apply', read.version)).kind).toBe('missing')
    expect(refusalOf(await mendRows(other, read.id, [{ row: 2, texts: { name: 'x' } }])).kind).toBe('missing')
    expect(await desk(other)).toEqual([])
  })
})
