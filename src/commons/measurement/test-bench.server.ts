/** An institution with its desks and prices, a firm that sends in, a reference standard: the stage of the tests of records. */
import type { Actor } from '../../core/access.ts'
import { platform, type Role } from '../../core/access.ts'
import { orThrow } from '../../core/test-refusal.ts'
import { inTx, type Ctx, type Database } from '../../platform/db.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { sealing } from '../../platform/sealed.server.ts'
import { certifying } from '../certificates/index.server.ts'
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
import type { Entered } from './model.ts'
import { completeRecord } from './records.server.ts'
import { registerStandard } from './standards/commands.server.ts'
import { startOf } from './start.ts'
import { templateById } from './templates/index.ts'

const monday = '2026-11-23T01:00:00.000Z'

const prices = [
  ['项目编号', '项目名称', '服务', '器具种类', '规格', '单位', '单价（元）', '收费依据', '工作日', '可上门'],
  ['C1', '压力表检定', '检定', 'pressure-gauge', '', '块', '50', '示例价〔2026〕1号', '5', '是'],
  ['X1', '卡尺校准', '校准', 'caliper', '', '把', '120', '合同价', '10', '否'],
]

/** A reference gauge that is good enough for a pressure gauge of class 1.6. */
export const gaugeStandard = (over: object = {}) => ({
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

/** Makes all of it; the standard is chosen anew before each test. */
export async function benchOf(database: Database) {
  sealing({ secret: '测试用的密钥'.repeat(8) })
  certifying({
    publicUrl: 'https://example.org',
    demo: true,
    dccSchemas: undefined,
    dccTrust: undefined,
    certificateSignature: 'ecdsa-p256',
  })

  const as = (actor: Actor, now = monday): Ctx => ({ db: database.db, actor, now })
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
  const institution = { id: own.id, province: own.province, region: own.region }
  const lab: Record<'counter' | 'tester' | 'second' | 'approver', Actor> = {
    counter: await person('counter', '示例·窗口', own),
    tester: await person('tester', '示例·甲检测员', own),
    second: await person('tester', '示例·乙检测员', own),
    approver: await person('approver', '示例·批准人', own),
  }
  const other = await person('tester', '示例·外院检测员', await org('示例·外院', 'metrology-institution'))
  const firm = await person('enterprise', '示例·主管', await org('示例·机械厂', 'enterprise'))
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

  const bench = {
    as,
    lab,
    firm,
    other,
    standardId: '',
    received,
    /** With the standard at hand. */
    async choose(over: object = {}): Promise<void> {
      bench.standardId = orThrow(await registerStandard(as(lab.tester), gaugeStandard(over))).id
    },
    typed(over: Partial<Entered> = {}): Entered {
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
        standardId: bench.standardId,
        ...over,
      }
    },
    complete: (lineId: string, over: Partial<Entered> = {}, version = 0) =>
      completeRecord(as(lab.tester), lineId, { version, entered: bench.typed(over) }),
    versionOf: async (lineId: string) => (await findLine(as(lab.approver), lineId))!.line.version,
  }
  return bench
}
export type Bench = Awaited<ReturnType<typeof benchOf>>
