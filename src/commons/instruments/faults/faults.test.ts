import { crc32, deflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { roles, visitor, type Actor, type Role } from '../../../core/access.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { advance } from '../../../core/workflow.ts'
import type { Database } from '../../../platform/db.server.ts'
import { timeline } from '../../../platform/events.server.ts'
import { deliver, registerListeners } from '../../../platform/jobs.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { findFile, readWhole } from '../../files/index.server.ts'
import { listMessages } from '../../messages/index.server.ts'
import type { Organisation } from '../../people/index.ts'
import { monday, orThrow, stageOf, type Seated, type Stage } from '../../people/test-stage.server.ts'
import { findInstrument } from '../queries.server.ts'
import { registerInstrument } from '../register.server.ts'
import { stopForFault, takeFaultStep } from './commands.server.ts'
import { desk } from './desk.server.ts'
import { listeners } from './listeners.server.ts'
import { faultStates, type FaultState } from './model.ts'
import { findFault, listFaults } from './queries.server.ts'
import { reportByLabel, reportFault } from './report.server.ts'
import { read, reportForm, stepForm } from './schema.ts'
import { workflow, type FaultStep } from './workflow.ts'

describe('故障的步骤', () => {
  const actor = (role: Role, org = 'own'): Actor => ({ ...visitor, id: 'p', role, org_id: org, region: '330000' })
  const states = Object.keys(faultStates) as FaultState[]
  const steps = Object.keys(workflow.steps) as FaultStep[]

  it('每个状态、每一步、每种身份：只有本企业能办', () => {
    const possible = states.flatMap((state) =>
      steps.flatMap((step) =>
        (Object.keys(roles) as Role[]).flatMap((role) => {
          const next = advance(workflow, { state, org_id: 'own', region: '330110' }, step, actor(role), monday, '结果')
          return isRefusal(next) ? [] : [`${role}: ${state} ${step} ${next.to}`]
        }),
      ),
    )
    expect(possible).toMatchInlineSnapshot(`
      [
        "enterprise: reported handle handling",
        "enterprise: reported resolve resolved",
        "enterprise: reported dismiss dismissed",
        "enterprise: handling resolve resolved",
        "enterprise: handling dismiss dismissed",
        "enterprise: resolved reopen handling",
        "enterprise: dismissed reopen handling",
      ]
    `)
    expect(
      advance(workflow, { state: 'reported', org_id: 'own', region: '330110' }, 'handle', actor('enterprise', 'other'), monday),
    ).toMatchObject({ kind: 'forbidden' })
  })

  it('解决、认定不是故障、重新处理都要写明', () => {
    for (const step of ['resolve', 'dismiss'] as const)
      expect(
        advance(workflow, { state: 'handling', org_id: 'own', region: '330110' }, step, actor('enterprise'), monday, ' '),
      ).toMatchObject({ kind: 'invalid' })
  })
})

describe('报告故障的表单', () => {
  const given = (more: object = {}) => read(reportForm, { description: '指针不回零', reporter: '', contact: '', website: '', ...more })
  it('只有“哪里不对”是必填', () => {
    expect(given()).toMatchObject({ description: '指针不回零', reporter: undefined, contact: undefined })
    expect(given({ contact: '138 0000-0000' })).toMatchObject({ contact: '138 0000-0000' })
  })
  it.each([
    ['没写', { description: ' ' }, 'description'],
    ['太长', { description: '长'.repeat(501) }, 'description'],
    ['电话不像电话', { contact: 'abc' }, 'contact'],
    ['隐藏栏被程序填了', { website: 'http://x' }, 'website'],
  ])('%s', (_, more, field) => expect(given(more)).toMatchObject({ kind: 'invalid', fields: { [field]: expect.any(String) } }))
})

const chunk = (name: string, content: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(name), content])
  const [size, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  size.writeUInt32BE(content.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([size, body, check])
}
/** One grey pixel, and where it was taken. */
const png = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  chunk('IHDR', Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])),
  chunk('tEXt', Buffer.from('Comment\0gps 30.27,120.15')),
  chunk('IDAT', deflateSync(Buffer.from([0, 128]))),
  chunk('IEND', Buffer.alloc(0)),
])

describe('故障报告', () => {
  let database: Database
  let stage: Stage
  let org: Organisation
  let own: Seated
  let other: Seated
  beforeAll(async () => {
    database = await testDatabase(inject('template'))
    stage = stageOf(database)
    org = await stage.organisation('故障厂', '330110')
    own = await stage.seat(org, '赵工', 'manager')
    other = await stage.seat(await stage.organisation('别家', '330110'), '钱工', 'manager')
    await registerListeners(database.db, listeners)
  })
  afterAll(() => database.close())
  let n = 0
  const enter = async (state = '在用') =>
    orThrow(await registerInstrument(stage.as(own.actor), { code: `G-${++n}`, name: '压力表', kind: '压力表', state }))
  const form = { description: '指针不回零', reporter: '小周', contact: '13800000000', website: '' }
  const reported = async (photo?: { name: string; bytes: Uint8Array }) => {
    const instrument = await enter()
    const { id } = orThrow(await reportByLabel(stage.as(visitor), instrument.token, form, photo))
    return { instrument, fault: (await findFault(stage.as(own.actor), id))! }
  }

  it('扫码的人不登录就能报告：有编号、两个工作日内处理、进经过', async () => {
    const { instrument, fault } = await reported()
    expect(fault).toMatchObject({
      state: 'reported',
      description: '指针不回零',
      reporter: '小周',
      contact: '13800000000',
      source: 'scan',
      due_on: '2026-11-25',
      instrument_code: instrument.code,
      overdue: false,
    })
    expect(fault.number).toMatch(/^浙-2026-\d{6}$/)
    const events = [
      ...(await timeline(database.db, 'instrument', instrument.id)),
      ...(await timeline(database.db, 'instrument-fault', fault.id)),
    ]
    expect(events.map(({ action }) => action)).toEqual(['registered', 'fault-reported', 'reported'])
    // What is personal is erased later; the chain of events cannot be.
    expect(JSON.stringify(events.map(({ detail, title }) => [detail, title]))).not.toMatch(/小周|1380000/)
    expect(await desk(stage.as(own.actor))).toContainEqual(expect.objectContaining({ id: fault.id, action: '去处理', dueOn: '2026-11-25' }))
    expect(await desk(stage.as(other.actor))).toEqual([])
  })

  it('企业收到一条消息，只有一条；处理后消息算办了', async () => {
    const { fault } = await reported()
    const told = async () =>
      (await listMessages(stage.as(own.actor), { page: 1, pageSize: 50 })).rows.filter(({ subjectId }) => subjectId === fault.id)
    await deliver(database, listeners, () => monday)
    await deliver(database, listeners, () => monday)
    expect(await told()).toMatchObject([
      { title: expect.stringContaining('压力表'), actionUrl: `/me/faults/${fault.id}`, number: fault.number },
    ])
    expect(JSON.stringify(await told())).not.toMatch(/小周|1380000/)
    orThrow(await takeFaultStep(stage.as(own.actor), fault.id, { step: 'handle', version: 1, opinion: '' }))
    expect((await told())[0]!.actedAt).not.toBeNull()
  })

  it('结束时抹去称呼和电话，结果留下；重新处理也找不回来', async () => {
    const { fault } = await reported()
    const closed = orThrow(await takeFaultStep(stage.as(own.actor), fault.id, { step: 'resolve', version: 1, opinion: '已更换指针' }))
    expect(closed).toMatchObject({
      state: 'resolved',
      outcome: '已更换指针',
      reporter: null,
      contact: null,
      handled_by_name: own.actor.name,
    })
    expect(closed.closed_at).not.toBeNull()
    const again = orThrow(await takeFaultStep(stage.as(own.actor), fault.id, { step: 'reopen', version: 2, opinion: '又不回零' }))
    expect(again).toMatchObject({ state: 'handling', reporter: null, contact: null, closed_at: null, outcome: null })
    const { rows } = await database.pool.query('select * from instrument_faults where id = $1', [fault.id])
    expect(JSON.stringify(rows, (_, v) => (typeof v === 'bigint' ? String(v) : v))).not.toMatch(/小周|1380000/)
  })

  it('没有结果不能结束；别人先改了要重看；别家、监管看不到', async () => {
    const { fault } = await reported()
    const ctx = stage.as(own.actor)
    expect(await takeFaultStep(ctx, fault.id, { step: 'resolve', version: 1, opinion: '' })).toMatchObject({ kind: 'invalid' })
    expect(await takeFaultStep(ctx, fault.id, { step: 'handle', version: 9, opinion: '' })).toMatchObject({
      kind: 'conflict',
      code: 'STALE',
    })
    expect(await takeFaultStep(stage.as(other.actor), fault.id, { step: 'handle', version: 1, opinion: '' })).toMatchObject({
      kind: 'missing',
    })
    for (const actor of [other.actor, visitor, await stage.officer('杭州王工', '330100')]) {
      expect(await findFault(stage.as(actor), fault.id)).toBeUndefined()
      expect((await listFaults(stage.as(actor), {})).total).toBe(0)
    }
    const clerk = await stage.seat(org, '小吴', 'staff', { scope: ['policy'] })
    expect(await takeFaultStep(stage.as(clerk.actor), fault.id, { step: 'handle', version: 1, opinion: '' })).toMatchObject({
      kind: 'forbidden',
    })
    expect(read(stepForm, { step: 'nothing', version: '1' })).toMatchObject({ kind: 'invalid' })
  })

  it('一键停用：器具停用、报告转处理，要么都成、要么都不成', async () => {
    const { instrument, fault } = await reported()
    const ctx = stage.as(own.actor)
    expect(orThrow(await stopForFault(ctx, fault.id, 1))).toMatchObject({ state: 'handling', instrument_state: 'stopped' })
    expect((await findInstrument(ctx, instrument.id))!.state).toBe('stopped')
    const stopped = (await timeline(database.db, 'instrument', instrument.id)).at(-1)!
    expect(stopped).toMatchObject({ action: 'stopped', detail: { opinion: `故障 ${fault.number}：指针不回零`, faultId: fault.id } })
    // Already stopped: nothing happens to the report either.
    expect(await stopForFault(ctx, fault.id, 2)).toMatchObject({ kind: 'conflict' })
    expect((await findFault(ctx, fault.id))!.version).toBe(2)
  })

  it('照片只留画面；改名的程序、坏的照片不收，报告也不立', async () => {
    expect(png.includes('gps')).toBe(true)
    const { fault } = await reported({ name: 'IMG_20261123_0901.png', bytes: png })
    const file = (await findFile(stage.as(own.actor), fault.file_id!))!
    expect(file).toMatchObject({
      type: 'png',
      name: '故障照片.png',
      subject: 'instrument-fault',
      subject_id: fault.id,
      created_by: null,
      created_by_name: '扫码人',
    })
    expect((await readWhole(stage.as(own.actor), file)).includes('gps')).toBe(false)
    expect(await findFile(stage.as(other.actor), file.id)).toBeUndefined()
    const { total } = await listFaults(stage.as(own.actor), {})
    for (const bytes of [Buffer.from('MZ program'), png.subarray(0, 60), Buffer.from('%PDF-1.4 %%EOF')])
      expect(await reportByLabel(stage.as(visitor), (await enter()).token, form, { name: 'a.jpg', bytes })).toMatchObject({
        kind: 'invalid',
        fields: { file: expect.any(String) },
      })
    expect((await listFaults(stage.as(own.actor), {})).total).toBe(total)
  })

  it('旧标签、报废的器具不再接受；短时间太多份要等一等', async () => {
    expect(await reportByLabel(stage.as(visitor), '2'.repeat(12), form)).toMatchObject({ kind: 'missing' })
    const scrapped = await enter()
    await database.pool.query(`update instruments set state = 'scrapped' where id = $1`, [scrapped.id])
    expect(await reportByLabel(stage.as(visitor), scrapped.token, form)).toMatchObject({ kind: 'conflict' })
    const busy = await enter()
    const answers = []
    for (let i = 0; i < 7; i++) answers.push(await reportByLabel(stage.as(visitor), busy.token, form))
    expect(answers.map(isRefusal)).toEqual([false, false, false, false, false, false, true])
    expect(answers[6]).toMatchObject({ code: 'TOO_MANY' })
    expect((await listFaults(stage.as(own.actor), { instrumentId: busy.id, state: 'open' })).total).toBe(6)
  })

  it('本企业的人从器具页报告不用留联系方式；别家的器具报不了', async () => {
    const instrument = await enter()
    const { id } = orThrow(await reportFault(stage.as(own.actor), instrument.id, { description: '读数漂' }))
    expect(await findFault(stage.as(own.actor), id)).toMatchObject({ source: 'page', reporter: null, contact: null })
    await deliver(database, listeners, () => monday)
    expect((await listMessages(stage.as(own.actor), { page: 1, pageSize: 50 })).rows.filter(({ subjectId }) => subjectId === id)).toEqual(
      [],
    )
    expect(await reportFault(stage.as(other.actor), instrument.id, { description: '读数漂' })).toMatchObject({ kind: 'missing' })
    expect(await reportFault(stage.as(await stage.officer('杭州李工', '330100')), instrument.id, { description: '读数漂' })).toMatchObject({
      kind: 'missing',
    })
  })

  it('过了处理日期就是逾期，最早到期的在前', async () => {
    const later = stage.as(own.actor, '2026-11-30T01:00:00.000Z')
    const { rows } = await listFaults(later, { state: 'open' })
    expect(rows.every(({ overdue }) => overdue)).toBe(true)
    expect(rows.map(({ due_on }) => due_on)).toEqual(rows.map(({ due_on }) => due_on).toSorted())
  })
})
