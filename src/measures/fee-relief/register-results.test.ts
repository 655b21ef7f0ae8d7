import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { historyOf, recordCheck, registerInstrument } from '../../commons/instruments/index.server.ts'
import { approveLine, findOrder, recordResult } from '../../commons/orders/index.server.ts'
import type { Database } from '../../platform/db.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { acceptWithRelief, placeWithRelief } from './orders.server.ts'
import { registerResults } from './register-results.server.ts'
import { monday, orderOf, orThrow, worldOf, type World } from './test-world.server.ts'

let database: Database
let world: World
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  world = worldOf(database)
})
afterAll(() => database.close())

it('委托单的证书记入台账；先上传过同一份证书的，不再记第二次', async () => {
  const lab = await world.institution('记账检测院')
  const firm = await world.firm('记账厂')
  const made = []
  for (const code of ['A', 'B'])
    made.push(
      orThrow(
        await registerInstrument(firm.ctx(), {
          code,
          name: '卡尺',
          kind: 'caliper',
          serial: code,
          range: '0～150 mm',
          use: 'other',
          state: '在用',
        }),
      ),
    )
  const lines = made.map(({ id }) => ({ instrumentId: id, service: 'calibration' as const }))
  const { id } = orThrow(await placeWithRelief(firm.ctx(), orderOf(lab.org.id, lines)))
  const placed = (await findOrder(world.as(lab.counter), id))!
  const received = placed.lines.map((line) => line.id)
  orThrow(await acceptWithRelief(world.as(lab.counter), id, { version: placed.order.version, received, settled: {} }))
  for (const line of (await findOrder(world.as(lab.tester), id))!.lines) {
    const form = { doneOn: monday.slice(0, 10), conclusion: 'none' as const, certificateNo: `Z-${line.code}`, version: line.version }
    orThrow(await recordResult(world.as(lab.tester), line.id, form))
    orThrow(await approveLine(world.as(lab.approver), line.id, { version: line.version + 1 }))
  }
  // The firm brought one of the two by itself.
  const brought = orThrow(
    await recordCheck(firm.ctx(), made[0]!.id, {
      kind: 'calibration',
      doneOn: monday.slice(0, 10),
      conclusion: 'none',
      institution: lab.org.name,
      certificateNo: 'Z-A',
    }),
  )
  expect(orThrow(await registerResults(firm.ctx(), id))).toEqual({ registered: 2 })
  expect((await historyOf(firm.ctx(), made[0]!.id)).map((check) => check.id)).toEqual([brought.id])
  expect((await historyOf(firm.ctx(), made[1]!.id)).map(({ certificate_no }) => certificate_no)).toEqual(['Z-B'])
  expect(await registerResults(firm.ctx(), id)).toMatchObject({ kind: 'conflict' })
  expect((await findOrder(firm.ctx(), id))!.lines.map(({ check_id }) => check_id)).toContain(brought.id)
})
