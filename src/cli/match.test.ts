import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import ExcelJS from 'exceljs'
import { afterAll, describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '..', '..')
const fixture = path.join(root, 'test/fixtures/enterprises.csv')
const scratch = mkdtempSync(path.join(tmpdir(), 'hengqi-cli-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** The command as a person runs it. */
const hengqi = (args: string[], input?: Buffer | string): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(root, 'bin/hengqi.js'), ...args])
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.once('close', (code) => resolve({ code: code ?? -1, out, err }))
    child.stdin.end(input)
  })

interface Answer {
  uscc: string
  name: string
  sizeClass: string
  decisions: {
    policyId: string
    result: string
    force: string
    blockers: { code: string }[]
    ask: { fact: string }[]
    benefits: { rateBp: number | null }[]
  }[]
}
const of = (answers: Answer[], name: string, policyId: string) =>
  answers.find((a) => a.name === name)?.decisions.find((d) => d.policyId === policyId)

describe('hengqi match', () => {
  it('JSON：好的行都有答案，坏的行逐行说明，退出码 1', async () => {
    const { code, out, err } = await hengqi(['match', fixture, '--json', '--as-of', '2026-11-23'])
    const answers = JSON.parse(out) as Answer[]
    expect(code).toBe(1)
    expect(answers).toHaveLength(10)
    expect(err).toContain('不认识的列，已略过：联系人')
    expect(err).toMatch(/第 10 行，统一社会信用代码：/)
    expect(err).toMatch(/第 11 行，从业人员：“四十二”不是数字/)
    expect(err).toMatch(/第 11 行，成立日期：/)
    expect(of(answers, '示例·钱塘精密', 'xiaoshan-2017')).toMatchObject({
      result: 'eligible',
      force: 'apply',
      benefits: [{ rateBp: 10_000 }],
    })
    expect(of(answers, '示例·怀宁阀门', 'xiaoshan-2017')).toMatchObject({
      result: 'ineligible',
      blockers: [{ code: 'REGION_NOT_COVERED' }],
    })
    expect(answers.find((a) => a.name === '示例·大厂')!.sizeClass).toBe('大型')
    expect(of(answers, '示例·大厂', 'samr-2022-51-m8')!.result).toBe('ineligible')
  })

  it('空白是未知，“无”是已知没有', async () => {
    const firm = async (employees: string) =>
      JSON.parse(
        (
          await hengqi(
            ['match', '-', '--json', '--as-of', '2026-11-23'],
            `名称,地区,行业,主体,从业人员\n示例·甲,330109,C34,企业,${employees}\n`,
          )
        ).out,
      ) as Answer[]
    const blank = of(await firm(''), '示例·甲', 'samr-2022-51-m8')!
    expect(blank.result).toBe('unknown')
    expect(blank.ask.map(({ fact }) => fact)).toContain('employees')
    // 工业 42 人最多是小型：营业收入未知也已经确定属于中小微。
    expect(of(await firm('42'), '示例·甲', 'samr-2022-51-m8')!.result).toBe('eligible')
  })

  it('生效前一天和当天的答案不同', async () => {
    const on = async (day: string) => JSON.parse((await hengqi(['match', fixture, '--json', '--as-of', day])).out) as Answer[]
    expect(of(await on('2027-10-22'), '示例·昌平仪器', 'npc-2021-pilot-top-standard')).toBeDefined()
    expect(of(await on('2027-10-23'), '示例·昌平仪器', 'npc-2021-pilot-top-standard')).toBeUndefined()
  })

  it('GB 18030 的 CSV、制表符和 .xlsx 读出同样的答案', async () => {
    const rows = [
      ['名称', '地区', '行业', '从业人员'],
      ['示例·甲', '杭州市萧山区', 'C34', '42'],
    ]
    const workbook = new ExcelJS.Workbook()
    workbook.addWorksheet('企业').addRows(rows)
    const xlsx = path.join(scratch, 'a.xlsx')
    await workbook.xlsx.writeFile(xlsx)
    const expected = (await hengqi(['match', '-', '--json', '--as-of', '2026-11-23'], rows.map((r) => r.join(',')).join('\n'))).out
    expect(JSON.parse(expected)).toHaveLength(1)
    expect((await hengqi(['match', xlsx, '--json', '--as-of', '2026-11-23'])).out).toBe(expected)
    expect((await hengqi(['match', '-', '--json', '--as-of', '2026-11-23'], rows.map((r) => r.join('\t')).join('\r\n'))).out).toBe(expected)
    // “名称,地区,行业,从业人员” and the row in GB 18030.
    const gb = Buffer.from(
      'c3fbb3c62cb5d8c7f82cd0d0d2b52cb4d3d2b5c8cbd4b10acabec0fda1a4bcd72cbabcd6ddcad0cff4c9bdc7f82c4333342c34320a',
      'hex',
    )
    expect((await hengqi(['match', '-', '--json', '--as-of', '2026-11-23'], gb)).out).toBe(expected)
  })

  it('表格和 CSV 给人看；--explain 写明原因', async () => {
    const table = await hengqi(['match', fixture, '--explain', '--as-of', '2026-11-23'])
    expect(table.out).toContain('■ 示例·钱塘精密')
    expect(table.out).toMatch(/暂不符合|需/)
    const csv = await hengqi(['match', fixture, '--format', 'csv', '--as-of', '2026-11-23'])
    expect(csv.out.split('\r\n')[0]).toBe('\uFEFF统一社会信用代码,名称,规模,政策,结果,方式,还差')
  })

  it('用错了退出码 2，说明怎么用', async () => {
    expect((await hengqi(['match'])).code).toBe(2)
    expect((await hengqi(['match', path.join(scratch, '没有.csv')])).err).toContain('没有文件')
    expect((await hengqi(['match', fixture, '--format', 'xml'])).code).toBe(2)
    expect((await hengqi(['飞'])).err).toContain('没有命令')
    expect((await hengqi(['match', '-', '--as-of', '昨天'], '名称\n甲')).code).toBe(2)
    const broken = path.join(scratch, 'broken.xlsx')
    writeFileSync(broken, Buffer.concat([Buffer.from('PK\u0003\u0004'), readFileSync(fixture)]))
    const answer = await hengqi(['match', broken])
    expect([answer.code, answer.err]).toEqual([2, expect.stringContaining('不是完好的')])
    expect((await hengqi(['match', '-'], '颜色,形状\n红,圆')).err).toContain('至少有')
  })
})
