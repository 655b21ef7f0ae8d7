import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { isRefusal } from '../core/refusal.ts'
import { answerer, type PolicyAnswer } from './answer.ts'
import { readHeader, readRow, type EnterpriseRow } from './columns.ts'
import { worldOf, type WorldOptions } from './world.ts'

const scratch = mkdtempSync(path.join(tmpdir(), 'hengqi-world-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))
const file = (value: unknown): string => {
  const name = path.join(scratch, `${Math.random()}.json`)
  writeFileSync(name, typeof value === 'string' ? value : JSON.stringify(value))
  return name
}

const asOf = '2026-11-23'
const world = async (options: Partial<WorldOptions> = {}) => {
  const found = await worldOf({ asOf, ...options })
  if (isRefusal(found)) throw new Error(found.reason)
  return found
}
const reason = async (options: Partial<WorldOptions>) => {
  const found = await worldOf({ asOf, ...options })
  return isRefusal(found) ? found.reason : ''
}
const firm = (cells: Record<string, string>): EnterpriseRow => {
  const header = readHeader(Object.keys(cells))
  const row = isRefusal(header) ? undefined : readRow(Object.values(cells), header)
  if (!row || Array.isArray(row)) throw new Error(JSON.stringify(row ?? header))
  return row
}
const small = firm({ 名称: '示例·怀宁阀门', 地区: '340822', 行业: 'C3443', 主体: '企业', 从业人员: '18' })
const about = async (slug: string, row: EnterpriseRow, options: Partial<WorldOptions> = {}, explain = false): Promise<PolicyAnswer> => {
  const { policies, setting } = await world(options)
  return answerer(policies, setting, explain)(row).decisions.find(({ policyId }) => policyId === slug)!
}

describe('按什么判断', () => {
  it('只有当天有效的政策；自带的事件日期说明待核实', async () => {
    const { policies, notes } = await world()
    expect(policies.length).toBeGreaterThan(60)
    expect(policies.some(({ historical, force, regionCode }) => historical || force === 'draft' || regionCode === null)).toBe(false)
    expect(notes).toEqual([expect.stringMatching(/待核实，可用 --events 改.*疫情防控期间（2020年） 2020-01-20 至 2023-01-07/)])
  })

  it('事件日期由 --events 给；没有给的事件，等录入而不是认定', async () => {
    const events = file({ 'epidemic-2020': { from: '2026-01-01' } })
    expect(await about('anqing-2020-fee50', small)).toMatchObject({ result: 'ineligible', blockers: [{ code: 'OUT_OF_WINDOW' }] })
    expect(await about('anqing-2020-fee50', small, { events })).toMatchObject({ result: 'eligible', force: 'apply-for' })
    const unset = await about('anqing-2020-fee50', small, { events: file({}) })
    expect(unset).toMatchObject({ result: 'unknown', ask: [], awaits: ['疫情防控期间（2020年）'] })
    expect((await world({ events })).notes).toEqual([])
  })

  it('一份政策也可以单独用', async () => {
    const { policies } = await world()
    const one = policies.find(({ slug }) => slug === 'xiaoshan-2017')!
    expect((await world({ policies: file(one) })).policies).toEqual([one])
    expect((await world({ policies: file([one, { ...one, slug: 'xiaoshan-copy' }]) })).policies).toHaveLength(2)
    expect((await world({ policies: file({ ...one, historical: true }) })).notes).toEqual([`${asOf} 没有一项政策有效。`])
  })

  it('不能用的选项和文件，说明哪里不对', async () => {
    expect(await reason({ asOf: '2026-02-30' })).toContain('不是日期')
    expect(await reason({ policies: path.join(scratch, '没有.json') })).toMatch(/政策文件 .*打不开/)
    expect(await reason({ policies: file('{') })).toContain('不是 JSON')
    expect(await reason({ policies: file([{ slug: 'x' }]) })).toMatch(/政策文件 .*第 1 项/)
    expect(await reason({ events: file({ 'epidemic-2020': { from: '2020-13-01' } }) })).toContain('epidemic-2020.from 处有误')
    expect(await reason({ events: file({ 'epidemic-2020': { from: '2020-02-01', to: '2020-01-01' } }) })).toContain('不早于起始日期')
    expect(await reason({ events: file({ 'epidemic-2020': { to: '2020-01-01' } }) })).toContain('不早于起始日期')
    expect(await reason({ events: file(['2020']) })).toContain('最外层')
  })
})

describe('答案', () => {
  it('每件器具还要符合什么，随待遇一起说', async () => {
    const xiaoshan = firm({ 名称: '示例·钱塘精密', 地区: '330109' })
    const { benefits, result, force } = await about('xiaoshan-2017', xiaoshan)
    expect([result, force]).toEqual(['eligible', 'apply'])
    expect(benefits).toEqual([expect.objectContaining({ rateBp: 10_000, result: 'eligible', lines: '适用于：服务种类为强制检定' })])
  })

  it('说明理由时，符合的写依据的条款，不符合的写差在哪里', async () => {
    const explained = await about('xiaoshan-2017', firm({ 名称: '示例·钱塘精密', 地区: '330109' }), {}, true)
    expect(explained.passed[0]).toMatch(/^已符合：注册地在浙江省杭州市萧山区（.+）$/)
    expect((await about('xiaoshan-2017', small, {}, true)).blockers[0]!.said).toMatch(/^暂不符合：注册地在安徽省安庆市怀宁县/)
    const brief = await about('xiaoshan-2017', small)
    expect([brief.blockers[0]!.said, brief.passed]).toEqual(['', []])
  })

  it('主体没有填的，按信用代码', async () => {
    const { policies, setting } = await world()
    const answer = answerer(policies, setting, true)(firm({ uscc: '9299999900000903XB' }))
    expect([answer.sizeClass, answer.sizeWorking[0]]).toEqual(['个体工商户', expect.stringContaining('个体工商户单列')])
  })
})
