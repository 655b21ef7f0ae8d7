/** 银行流水表入库：登记一次；再传不重记；两人同时按只记一次；同号不同额说清哪一行。 */
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { bringSlipSheet, findSlipSheet, listPayments, recordSlipSheet } from '../../commons/accounts/index.server.ts'
import { together } from '../../commons/people/test-stage.server.ts'
import { isRefusal } from '../../core/refusal.ts'
import type { Database } from '../../platform/db.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { orThrow, worldOf, type World } from './test-world.server.ts'

let database: Database
let world: World
let lab: Awaited<ReturnType<World['institution']>>
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  world = worldOf(database)
  lab = await world.institution('流水院')
})
afterAll(() => database.close())

const finance = () => world.as(lab.finance)
const header = '交易日期,交易流水号,对方户名,借方金额,贷方金额,摘要\n'
const bring = (lines: string) => bringSlipSheet(finance(), { name: '流水.csv', bytes: Buffer.from(header + lines) })
const lines = (count: number, amount = '1.01') =>
  Array.from({ length: count }, (_, i) => `20261120,N${i},示例·甲厂,,${amount},检定费`).join('\n')

it('一百多行，两人同时按登记：每行一次；再传全是原有；改了金额的一行不记', async () => {
  const { id } = orThrow(await bring(`${lines(130)}\n20261120,OUT,示例,5.00,,手续费`))
  expect(await findSlipSheet(finance(), id)).toMatchObject({ state: 'read', skipped: 1, problems: [], done_rows: 0 })
  expect((await listPayments(finance())).total).toBe(0)
  const both = await together(
    database,
    [1, 2].map(() => () => recordSlipSheet(finance(), id)),
  )
  expect(both.filter(isRefusal)).toEqual([])
  expect(await findSlipSheet(finance(), id)).toMatchObject({ state: 'recorded', recorded: 130, known: 0, refused: [] })
  expect((await listPayments(finance())).total).toBe(130)
  const again = orThrow(await bring(`${lines(3)}\n20261120,N9,示例·甲厂,,9.99,检定费`))
  orThrow(await recordSlipSheet(finance(), again.id))
  expect(await findSlipSheet(finance(), again.id)).toMatchObject({ recorded: 0, known: 3, refused: [{ row: 5 }] })
  expect((await listPayments(finance())).total).toBe(130)
})

it('窗口不能导入，也看不到；空文件、认不得的表说清怎么办', async () => {
  expect(await bringSlipSheet(world.as(lab.counter), { name: 'a.csv', bytes: Buffer.from(header + lines(1)) })).toMatchObject({
    kind: 'forbidden',
  })
  expect(await bringSlipSheet(finance(), { name: '', bytes: new Uint8Array() })).toMatchObject({ kind: 'invalid' })
  expect(await bringSlipSheet(finance(), { name: 'a.csv', bytes: Buffer.from('甲,乙\n1,2\n') })).toMatchObject({ kind: 'invalid' })
})
