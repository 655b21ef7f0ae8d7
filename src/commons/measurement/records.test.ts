/** 检测台到证书：标准器、自动保存、完成、核验、审核出证、退回，一次事务里要么全有要么全无。 */
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import type { Actor } from '../../core/access.ts'
import { isRefusal, type Refusal } from '../../core/refusal.ts'
import { inTx, type Ctx, type Database } from '../../platform/db.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { sealing } from '../../platform/sealed.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { certifying, findCertificate } from '../certificates/index.server.ts'
import {
  findLine,
  insertList,
  publish,
  readPriceRows,
  registerInstitution,
  acceptOrder,
  linesOf,
  lockOrder,
  placeOrder,
} from '../orders/index.server.ts'
import type { OrderForm } from '../orders/index.ts'
import { createOrganisation, createPerson, grantMembership } from '../people/index.server.ts'
import { allScopes } from '../people/index.ts'
import { platform, type Role } from '../../core/access.ts'
import { approve, sendBack } from './approve.server.ts'
import type { Entered } from './model.ts'
import { issuedResults, recordOf } from './queries.server.ts'
import { checkRecord, completeRecord, saveRecord } from './records.server.ts'
import { recalibrateStandard, registerStandard, withdrawStandard } from './standards/commands.server.ts'
import { findStandard } from './standards/queries.server.ts'
import { startOf } from './start.ts'
import { recordTyped } from './typed.server.ts'
import { templateById } from './templates/index.ts'

const monday = '2026-11-23T01:00:00.000Z'
let database: Database
let firm: Actor
let lab: Record<'counter' | 'tester' | 'second' | 'approver', Actor>
let other: Actor
let institution: { id: string; province: string; region: string }
let standardId: string
const as = (actor: Actor, now = monday): Ctx => ({ db: database.db, actor, now })
const orThrow = <T>(answer: T | Refusal): T => {
  if (isRefusal(answer)) throw new Error(`refused: ${answer.reason}`)
  return answer as T
}
const codeOf = (answer: unknown) => (isRefusal(answer) ? (answer.code ?? answer.kind) : 'done')

const prices = [
  ['项目编号', '项目名称', '服务', '器具种类', '规格', '单位', '单价（元）', '收费依据', '工作日', '可上门'],
  ['C1', '压力表检定', '检定', 'pressure-gauge', '', '块', '50', '示例价〔2026〕1号', '5', '是'],
  ['X1', '卡尺校准', '校准', 'caliper', '', '把', '120', '合同价', '10', '否'],
]

beforeAll(async () => {
  sealing({ secret: '测试用的密钥'.repeat(8) })
  certifying({
    publicUrl: 'https://example.org',
    demo: true,
    dccSchemas: undefined,
    dccTrust: undefined,
    certificateSignature: 'ecdsa-p256',
  })
  database = await testDatabase(inject('template'))
  const person = async (role: Role, name: string, org: { id: string; name: string; region: string }): Promise<Actor> => {
    const { id } = orThrow(await createPerson(as(platform), { name }))
    const duty = role === 'enterprise' ? 'manager' : 'staff'
    orThrow(
      await grantMembership(as(platform), {
        orgId: org.id,
        personId: id,
        role,
        duty,
        scope: duty === 'manager' ? allScopes : [],
        startsOn: '2020-01-01',
        endsOn: '2036-12-31',
      }),
    )
    return { id, name, role, org_id: org.id, org_name: org.name, region: org.region }
  }
  const org = async (name: string, kind: 'enterprise' | 'metrology-institution') =>
    orThrow(await createOrganisation(as(platform), { kind, name, uscc: null, region: '330100' }))
  const own = await org('示例·检测院', 'metrology-institution')
  institution = { id: own.id, province: own.province, region: own.region }
  lab = {
    counter: await person('counter', '示例·窗口', own),
    tester: await person('tester', '示例·甲检测员', own),
    second: await person('tester', '示例·乙检测员', own),
    approver: await person('approver', '示例·批准人', own),
  }
  other = await person('tester', '示例·外院检测员', await org('示例·外院', 'metrology-institution'))
  firm = await person('enterprise', '示例·主管', await org('示例·机械厂', 'enterprise'))
  orThrow(
    await registerInstitution(as(platform), institution, {
      affiliation: 'city',
      authorisation: '（示例）法计〔2026〕1号',
      crews: [],
      sampleAddress: '示例路 1 号',
      paymentDays: 30,
    }),
  )
  const id = uuidv7()
  await inTx(as(lab.counter), async (tx) => {
    const list = {
      id,
      number: 1,
      title: '示例收费目录',
      basis: '示例价〔2026〕1号',
      effectiveFrom: '2026-01-01',
      fileId: null,
      fileName: null,
    }
    await insertList(tx, institution, list, readPriceRows(prices.map((cells, i) => ({ row: i + 1, cells }))))
    await publish(tx, institution, { id, title: '示例收费目录', number: 1 })
  })
})
afterAll(() => database.close())

const gaugeStandard = (over: object = {}) => ({
  name: '精密压力表',
  serial: `YB-${uuidv7().slice(-6)}`,
  low: '0',
  high: '2.5',
  rangeUnit: 'MPa',
  unit: '%',
  quality: { kind: 'mpe' as const, value: '0.1', k: null, of: 'span' as const },
  certificate: '示例溯源-1',
  issuedBy: '示例·省院',
  validFrom: '2026-01-01',
  validUntil: '2026-12-31',
  ...over,
})

beforeEach(async () => {
  standardId = orThrow(await registerStandard(as(lab.tester), gaugeStandard())).id
})

async function received(service: 'verification' | 'calibration' = 'verification'): Promise<string> {
  const line =
    service === 'verification'
      ? { name: '压力表', kind: 'pressure-gauge', serial: 'P-1', able: '0～1.6MPa', accuracy: '1.6级', use: 'other' as const, service }
      : { name: '卡尺', kind: 'caliper', serial: 'K-1', able: '0～150mm', use: 'other' as const, service }
  const form: OrderForm = {
    institutionId: institution.id,
    mode: 'send-in',
    express: false,
    contact: '示例',
    phone: '13800000000',
    wantedOn: '2026-11-30',
    lines: [line],
  }
  const placed = orThrow(await placeOrder(as(firm), form))
  return inTx(as(lab.counter), async (tx) => {
    const order = orThrow(await lockOrder(tx, placed.id))
    const lines = await linesOf(tx, order)
    orThrow(
      await acceptOrder(
        tx,
        order,
        lines.map((each) => ({ line: each, received: true, relief: 0n as never, record: null })),
      ),
    )
    return lines[0]!.id
  }) as Promise<string>
}

function typed(over: Partial<Entered> = {}): Entered {
  const template = templateById('pressure-gauge')!
  const start = startOf({ template, service: 'verification', known: { able: '0～1.6MPa', accuracy: '1.6级' }, today: '2026-11-23' })
  return {
    ...start,
    parameters: { ...start.parameters, division: '0.05' },
    conditions: { t: '20', h: '50' },
    points: start.points.map((point) => ({
      ...point,
      readings: Object.fromEntries(Object.keys(point.readings).map((column) => [column, [point.at]])),
    })),
    seen: { appearance: 'ok', pointer: 'ok' },
    verified: true,
    standardId,
    ...over,
  }
}
const complete = (lineId: string, over: Partial<Entered> = {}, version = 0) =>
  completeRecord(as(lab.tester), lineId, { version, entered: typed(over) })
const versionOf = async (lineId: string) => (await findLine(as(lab.approver), lineId))!.line.version

describe('自动保存', () => {
  it('第一次新建，以后按版本；同一版本再来一次是过期，填到一半的原样留着', async () => {
    const lineId = await received()
    const half = typed({ verified: false, points: typed().points.slice(0, 2) })
    expect(orThrow(await saveRecord(as(lab.tester), lineId, { version: 0, entered: half }))).toMatchObject({ version: 1 })
    expect(codeOf(await saveRecord(as(lab.tester), lineId, { version: 0, entered: typed() }))).toBe('STALE')
    expect(orThrow(await saveRecord(as(lab.tester), lineId, { version: 1, entered: half }))).toMatchObject({ version: 2 })
    expect(codeOf(await saveRecord(as(lab.second), lineId, { version: 1, entered: typed() }))).toBe('STALE')
    expect((await recordOf(as(lab.tester), lineId))!.entered).toEqual(half)
  })
  it('两个人同时新建，只成一个', async () => {
    const lineId = await received()
    const both = await Promise.all([lab.tester, lab.second].map((actor) => saveRecord(as(actor), lineId, { version: 0, entered: typed() })))
    expect(both.map(codeOf).toSorted()).toEqual(['STALE', 'done'])
  })
  it('别的机构的人当作没有；批准人不能填', async () => {
    const lineId = await received()
    expect(codeOf(await saveRecord(as(other), lineId, { version: 0, entered: typed() }))).toBe('missing')
    expect(codeOf(await saveRecord(as(lab.approver), lineId, { version: 0, entered: typed() }))).toBe('forbidden')
    expect(codeOf(await saveRecord(as(firm), lineId, { version: 0, entered: typed() }))).toBe('forbidden')
  })
})

describe('标准器', () => {
  const refusedWith = async (over: object, on = '2026-11-23') => {
    standardId = orThrow(await registerStandard(as(lab.tester), gaugeStandard(over))).id
    const lineId = await received()
    const answer = await completeRecord(as(lab.tester), lineId, { version: 0, entered: typed({ doneOn: on }) })
    expect(codeOf(answer)).toBe('STANDARD_NOT_FIT')
    // Nothing is half-written: the refused record is not there either.
    expect(await recordOf(as(lab.tester), lineId)).toBeUndefined()
    return (answer as Refusal).reason
  }
  it('过期、还没生效、范围不够、不确定度不够，都说是哪一台、为什么、怎么办', async () => {
    expect(await refusedWith({ validUntil: '2026-11-22' })).toMatch(/精密压力表.*2026-11-22 到期.*换一台/)
    expect(await refusedWith({ validFrom: '2026-11-24' })).toContain('还没有生效')
    expect(await refusedWith({ high: '1' })).toContain('不包含 1.2 MPa')
    expect(await refusedWith({ quality: { kind: 'mpe', value: '0.4', k: null, of: 'span' } })).toContain('1/4')
    expect(
      await refusedWith({ low: '0', high: '200', rangeUnit: 'mm', unit: 'mm', quality: { kind: 'U', value: '0.1', k: '2', of: 'value' } }),
    ).toMatch(/不是同一种量|不能换算/)
  })
  it('到期当天还能用', async () => {
    standardId = orThrow(await registerStandard(as(lab.tester), gaugeStandard({ validUntil: '2026-11-23' }))).id
    expect(codeOf(await complete(await received()))).toBe('done')
  })
  it('新证书是新的一行，旧的不变；停用要理由', async () => {
    const again = orThrow(
      await recalibrateStandard(as(lab.tester), standardId, {
        quality: { kind: 'mpe', value: '0.05', k: null, of: 'span' },
        certificate: '示例溯源-2',
        issuedBy: '示例·省院',
        validFrom: '2026-12-01',
        validUntil: '2027-11-30',
        version: 1,
      }),
    )
    expect(again).toMatchObject({ n: 2, state: 'in-use' })
    expect(await findStandard(as(lab.tester), standardId)).toMatchObject({ state: 'replaced', certificate: '示例溯源-1' })
    expect(codeOf(await withdrawStandard(as(lab.tester), again.id, { version: 1, opinion: ' ' }))).toBe('invalid')
    expect(codeOf(await withdrawStandard(as(other), again.id, { version: 1, opinion: '摔过' }))).toBe('missing')
    expect(orThrow(await withdrawStandard(as(lab.tester), again.id, { version: 1, opinion: '摔过' }))).toMatchObject({ state: 'withdrawn' })
  })
  it('完成以后停用的，也不能出证', async () => {
    const lineId = await received()
    orThrow(await complete(lineId))
    orThrow(await checkRecord(as(lab.second), lineId, { version: 2 }))
    orThrow(await withdrawStandard(as(lab.tester), standardId, { version: 1, opinion: '示值漂移' }))
    const answer = await approve(as(lab.approver), lineId, { version: await versionOf(lineId) })
    expect(codeOf(answer)).toBe('STANDARD_NOT_FIT')
    expect((answer as Refusal).reason).toContain('示值漂移')
    expect((await findLine(as(lab.tester), lineId))!.line.state).toBe('tested')
  })
})

describe('从记录到证书', () => {
  it('检定：完成、另一人核验、批准人签，证书从记录出，号由序列给，企业读得到数', async () => {
    const lineId = await received()
    orThrow(await complete(lineId))
    const line = (await findLine(as(lab.tester), lineId))!.line
    expect(line).toMatchObject({ state: 'tested', conclusion: 'pass', certificate_no: null, valid_until: '2027-05-22' })
    expect(codeOf(await approve(as(lab.approver), lineId, { version: line.version }))).toBe('NOT_CHECKED')
    expect(codeOf(await checkRecord(as(lab.tester), lineId, { version: 2 }))).toBe('conflict')
    orThrow(await checkRecord(as(lab.second), lineId, { version: 2 }))
    orThrow(await approve(as(lab.approver), lineId, { version: line.version }))
    const record = (await recordOf(as(firm), lineId))!
    const certificate = (await findCertificate(as(firm), record.certificate_id!))!
    expect(certificate).toMatchObject({ kind: 'verification', state: 'issued', line_id: lineId })
    expect(certificate.content.people).toEqual({ tester: '示例·甲检测员', checker: '示例·乙检测员', approver: '示例·批准人' })
    expect(certificate.content.tables[0]!.rows).toHaveLength(5)
    expect(certificate.content.standards[0]).toMatchObject({ certificate: '示例溯源-1', validUntil: '2026-12-31' })
    expect(certificate.content.conformity).toMatchObject({ unit: 'MPa', guardBand: '0' })
    const after = (await findLine(as(firm), lineId))!.line
    expect(after).toMatchObject({ state: 'approved', certificate_no: certificate.number, file_id: certificate.pdf_file_id })
    const results = (await issuedResults(as(firm), lineId))!
    expect(results).toMatchObject({ k: '1.96', asFound: true })
    expect(results.points[2]).toMatchObject({ at: '0.8', atUnit: 'MPa', unit: 'MPa', error: '0.0000', expanded: '0.0063' })
  })
  it('按检定规程评定的：核验员不明确同意就不能核验；同意以后写进证书，误判的可能性照样给出', async () => {
    const lineId = await received()
    orThrow(await complete(lineId, { judging: 'regulation' }))
    const refused = await checkRecord(as(lab.second), lineId, { version: 2 })
    expect(codeOf(refused)).toBe('RULE_NOT_AGREED')
    expect((refused as Refusal).reason).toContain('请勾选')
    expect((await recordOf(as(lab.tester), lineId))!.state).toBe('completed')
    orThrow(await checkRecord(as(lab.second), lineId, { version: 2, agreed: true }))
    orThrow(await approve(as(lab.approver), lineId, { version: await versionOf(lineId) }))
    const record = (await recordOf(as(firm), lineId))!
    const { content } = (await findCertificate(as(firm), record.certificate_id!))!
    expect(content.conformity).toMatchObject({ guardBand: '0', U: '0.0063', falseAccept: '0.001' })
    expect(content.conformity!.rule).toContain('不计测量不确定度：JJG 52-2013')
    expect(content.remarks.join()).toContain('检测员示例·甲检测员选定、核验员示例·乙检测员同意')
  })
  it('不合格的出检定结果通知书', async () => {
    const lineId = await received()
    const entered = typed()
    entered.points[4]!.readings.up = ['1.7']
    orThrow(await completeRecord(as(lab.tester), lineId, { version: 0, entered }))
    orThrow(await checkRecord(as(lab.second), lineId, { version: 2 }))
    orThrow(await approve(as(lab.approver), lineId, { version: await versionOf(lineId) }))
    const record = (await recordOf(as(lab.tester), lineId))!
    expect((await findCertificate(as(firm), record.certificate_id!))!).toMatchObject({ kind: 'verification-failure', valid_until: null })
  })
  it('校准：不判定，不用核验，检测和批准两个人', async () => {
    const lineId = await received('calibration')
    const template = templateById('caliper')!
    const start = startOf({ template, service: 'calibration', known: { able: '0～150mm', accuracy: null }, today: '2026-11-23' })
    const block = orThrow(
      await registerStandard(
        as(lab.tester),
        gaugeStandard({
          name: '量块',
          high: '1000',
          rangeUnit: 'mm',
          unit: 'um',
          quality: { kind: 'U', value: '0.6', k: '2', of: 'value' },
        }),
      ),
    )
    const entered: Entered = {
      ...start,
      conditions: { t: '20', h: '50' },
      verified: true,
      standardId: block.id,
      points: start.points.map((point) => ({ ...point, readings: { r: [point.at, point.at, (Number(point.at) + 0.01).toFixed(2)] } })),
    }
    orThrow(await completeRecord(as(lab.tester), lineId, { version: 0, entered }))
    orThrow(await approve(as(lab.approver), lineId, { version: await versionOf(lineId) }))
    const record = (await recordOf(as(firm), lineId))!
    const { content } = (await findCertificate(as(firm), record.certificate_id!))!
    expect(content).toMatchObject({ kind: 'calibration', tables: [{ unit: 'mm', coverage: '0.95' }] })
    expect(content.tables[0]!.rows[0]).not.toHaveProperty('verdict')
  })
  it('退回：上一次原样留着，下一次从它开始；企业看不到没出证的', async () => {
    const lineId = await received()
    orThrow(await complete(lineId))
    orThrow(await sendBack(as(lab.approver), lineId, { version: await versionOf(lineId), opinion: '第三点重测' }))
    expect(await recordOf(as(lab.tester), lineId)).toMatchObject({ state: 'sent-back', attempt: 1, opinion: '第三点重测' })
    expect(await recordOf(as(firm), lineId)).toBeUndefined()
    orThrow(await complete(lineId))
    expect(await recordOf(as(lab.tester), lineId)).toMatchObject({ state: 'completed', attempt: 2 })
  })
  it('没核对规程不能完成；完成以后不能再改；有模板的不能手工录入', async () => {
    const lineId = await received()
    expect(codeOf(await complete(lineId, { verified: false }))).toBe('RECORD_OPEN')
    expect(
      codeOf(await recordTyped(as(lab.tester), lineId, { doneOn: '2026-11-23', conclusion: 'pass', certificateNo: 'X', version: 2 })),
    ).toBe('USE_RECORD')
    orThrow(await complete(lineId))
    expect(codeOf(await saveRecord(as(lab.tester), lineId, { version: 2, entered: typed() }))).toBe('conflict')
  })
})
