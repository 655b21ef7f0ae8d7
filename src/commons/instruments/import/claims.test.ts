/** 认哪一件：编号、出厂编号、都没有的；导入两次等于一次。 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { orThrow } from '../../../core/test-refusal.ts'
import type { Ctx, Database } from '../../../platform/db.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { stageOf } from '../../people/test-stage.server.ts'
import { recordCheck } from '../checks.server.ts'
import { saveOwnKind } from '../own-kinds.server.ts'
import { findInstrument } from '../queries.server.ts'
import { registerInstrument } from '../register.server.ts'
import { takeInstrumentStep } from '../steps.server.ts'
import { repeatImport } from './commands.server.ts'
import { mendRows } from './mending.server.ts'
import { rowsOf } from './rows.server.ts'
import { keepersOf, csv, settled, bring, apply, badRows, held, ledger, reasons } from './test-import.server.ts'

let database: Database
let firm: () => Promise<Ctx>
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  firm = keepersOf(stageOf(database))
})
afterAll(() => database.close())

describe('认哪一件', () => {
  it('登记过的再来没有变化；改了的只更新改的；空格不清掉内容；状态不动', async () => {
    const ctx = await firm()
    const head = ['器具编号', '器具名称', '测量范围', '存放地点', '保管人', '检定日期', '检定周期(月)', '状态']
    const first = csv(
      head,
      ['A-1', '压力表', '0～1.6 MPa', '锅炉房', '老周', '2026-05-10', '12', '在用'],
      ['A-2', '电子天平', '0～220 g', '化验室', '小吴', '2026-05-11', '12', ''],
    )
    await apply(ctx, await bring(ctx, first))
    const [one] = (await ledger(ctx)).filter(({ code }) => code === 'A-1')
    orThrow(await takeInstrumentStep(ctx, one!.id, { step: 'stop', opinion: '停产' }))
    const next = csv(
      head,
      ['A-1', '压力表', '0～16 bar', '', '', '2026-11-02', '12', '在用'],
      ['A-2', '电子天平', '0～220 g', '化验室', '小吴', '2026-05-11', '12', '在用'],
    )
    const read = await bring(ctx, next)
    expect(read.counts).toMatchObject({ new: 0, change: 1, same: 1, bad: 0 })
    expect(reasons(await rowsOf(ctx, read, { verdicts: ['change'] }))).toEqual(['2 state: 台账里是“停用”，导入不改状态，请在台账里办理'])
    expect((await apply(ctx, read)).state).toBe('done')
    expect(await findInstrument(ctx, one!.id)).toMatchObject({
      place: '锅炉房',
      keeper: '老周',
      state: 'stopped',
      ranges: [{ low: '0', high: '16', unit: 'bar' }],
      last_done_on: '2026-11-02',
      valid_until: '2027-11-01',
    })
    expect(await held(ctx)).toBe(2)
  })

  it('没有编号的按出厂编号认；都没有的，三行一样就是三件，再来还是这三件', async () => {
    const ctx = await firm()
    const sheet = csv(
      ['名称', '型号', '出厂编号', '存放地点'],
      ['卡尺', 'CD', 'S1', '甲'],
      ['压力表', 'Y', '', '乙'],
      ['压力表', 'Y', '', '乙'],
      ['压力表', 'Y', '', '乙'],
    )
    const read = await bring(ctx, sheet)
    expect(read.counts).toMatchObject({ new: 4, bad: 0, skip: 0 })
    const done = await apply(ctx, read)
    expect((await ledger(ctx)).map(({ code }) => code)).toEqual(['QJ-00001', 'QJ-00002', 'QJ-00003', 'QJ-00004'])
    const again = await settled(ctx, orThrow(await repeatImport(ctx, done.id)).id)
    expect(again).toMatchObject({ state: 'done', counts: { same: 4, new: 0 } })
  })

  it('同一个出厂编号、两个编号：后一行有问题，说出是哪一行、哪一件；完全相同的行只登记一次', async () => {
    const ctx = await firm()
    orThrow(await registerInstrument(ctx, { code: 'OLD', name: '压力表', maker: '甲厂', model: 'Y', serial: 'S9' }))
    const head = ['器具编号', '名称', '制造单位', '型号', '出厂编号']
    const sheet = csv(
      head,
      ['B-1', '压力表', '甲厂', 'Y', 'S1'],
      ['B-2', '压力表', '甲厂', 'Y', 'S1'],
      ['B-1', '压力表', '甲厂', 'Y', 'S3'],
      ['B-1', '压力表', '甲厂', 'Y', 'S1'],
      ['B-3', '压力表', '甲厂', 'Y', 'S9'],
      ['', '压力表', '甲厂', 'Y', 's9'],
    )
    const read = await bring(ctx, sheet)
    expect(read.counts).toMatchObject({ new: 1, bad: 4, skip: 1 })
    const said = reasons(await badRows(ctx, read))
    expect(said[0]).toContain('3 serial: 制造单位、型号、出厂编号都与第 2 行相同')
    expect(said[1]).toContain('4 code: 器具编号 B-1 与第 2 行相同')
    expect(said[2]).toContain('6 serial: 制造单位、型号、出厂编号都与台账里的 OLD（压力表）相同')
    expect(reasons(await rowsOf(ctx, read, { verdicts: ['skip'] }))).toEqual(['5 null: 与第 2 行完全相同'])

    // The first of the three is mended: those it stood in the way of are judged again.
    const after = orThrow(await mendRows(ctx, read.id, [{ row: 2, texts: { code: 'B-0', serial: 'S0' } }]))
    expect(after).toMatchObject({ new: 3, skip: 0 })
    expect((await badRows(ctx, read)).map(({ row }) => row)).toEqual([5, 6, 7])
  })

  it('台账里有录入的结果时，上次检定信息以录入的为准', async () => {
    const ctx = await firm()
    const it = orThrow(await registerInstrument(ctx, { code: 'C-1', name: '压力表', lastDoneOn: '2026-01-05', intervalMonths: '12' }))
    orThrow(await recordCheck(ctx, it.id, { kind: 'verification', doneOn: '2026-11-01', conclusion: 'pass', validUntil: '2027-04-30' }))
    const read = await bring(ctx, csv(['器具编号', '名称', '检定日期'], ['C-1', '压力表', '2026-01-05']))
    expect(read).toMatchObject({ state: 'done', counts: { same: 1, change: 0 } })
    expect(reasons(await rowsOf(ctx, read, { verdicts: ['same'] }))[0]).toContain('以录入的为准')
  })

  it('预览以后台账变了：登记时再判断一次，不会重复', async () => {
    const ctx = await firm()
    const read = await bring(ctx, csv(['器具编号', '名称'], ['D-1', '压力表'], ['D-2', '卡尺']))
    orThrow(await registerInstrument(ctx, { code: 'D-1', name: '压力表' }))
    const done = await apply(ctx, read)
    expect(done).toMatchObject({ state: 'done', applied: 1, counts: { new: 1, same: 1 } })
    expect(await held(ctx)).toBe(2)
  })

  it('自定种类按名称认', async () => {
    const ctx = await firm()
    orThrow(await saveOwnKind(ctx, { name: '蒸汽压力表', parent: 'pressure-gauge' }))
    await apply(ctx, await bring(ctx, csv(['器具编号', '名称', '器具种类', '用途'], ['E-1', '蒸汽压力表', '蒸汽压力表', '安全防护'])))
    expect((await ledger(ctx))[0]).toMatchObject({ kind: null, mandatory: 'yes' })
  })
})

describe('导入两次等于一次', () => {
  const text = (pool: readonly string[]) => fc.constantFrom(...pool)
  const line = fc.record({
    器具编号: text(['', '', 'A', 'B', 'C', 'D', 'E']),
    器具名称: text(['压力表', '卡尺', '电子天平']),
    制造单位: text(['', '甲厂', '乙厂']),
    型号规格: text(['', 'Y-100']),
    出厂编号: text(['', '', '1', '2', '3']),
    测量范围: text(['', '0～1.6 MPa', '(0～150)mm', '不知道']),
    存放地点: text(['', '一车间', '-1 层']),
    检定日期: text(['', '2026/3/1', '2026年3月1日', '20260301', '2031-01-01']),
    '检定周期(月)': text(['', '12', '1年', '半年', '随缘']),
    状态: text(['', '在用', '封存', '报废']),
  })

  it('随机的表：有重复、没编号、列的次序打乱，第二次一件不多、一件不改', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 25 }),
        fc.shuffledSubarray(['器具编号', '制造单位', '型号规格', '出厂编号', '测量范围', '存放地点', '检定日期', '检定周期(月)', '状态'], {
          minLength: 2,
        }),
        async (lines, titles) => {
          const ctx = await firm()
          const head = ['器具名称', ...titles]
          const sheet = csv(head, ...lines.map((each) => head.map((title) => (each as Record<string, string>)[title]!)))
          const first = await bring(ctx, sheet, '随机.csv')
          const ready = first.counts.pending.new
          const done = ready > 0 ? await apply(ctx, first) : first
          expect(await held(ctx)).toBe(ready)
          const before = (await ledger(ctx)).map((row) => ({ ...row, changed_at: '' }))
          // The bytes differ, the rows do not: another upload, not the same import.
          const second = await bring(ctx, Buffer.concat([sheet, Buffer.from('\n')]), '随机.csv')
          expect(second.counts).toMatchObject({ new: 0, change: 0, same: ready, bad: done.counts.bad, skip: first.counts.skip })
          expect((await ledger(ctx)).map((row) => ({ ...row, changed_at: '' }))).toEqual(before)
        },
      ),
      { numRuns: 25 },
    )
  }, 120_000)
})
