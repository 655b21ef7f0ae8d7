import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Database } from './db.server.ts'
import { searchQuery, searchText } from './search.server.ts'
import { testDatabase } from './test-database.server.ts'

let database: Database
beforeAll(async () => {
  database = await testDatabase(inject('template'))
})
afterAll(() => database.close())

const titles = [
  '关于减免中小微企业计量检定收费的通知',
  '非强制检定项目收费减半',
  '出租汽车计价器免费检定办法',
  '企业最高计量标准考核服务指南',
  '压力表检定规程 JJG 52-2013',
  '电子汽车衡校准能力提升补助',
  '集贸市场计量器具免费检定实施方案',
  'CNAS 认可实验室奖励办法',
  '能源计量审查补贴',
  '充电桩强制检定工作安排',
  '先进测量体系认证奖励 GB/T 19022',
  '产业计量测试中心建设资金',
  '计量技术规范制修订资助 JJF1033',
  '个体工商户水表检定免费',
  '加油机防爆与计量联合检查',
  '专精特新企业计量服务专员',
  '疫情期间缓交检定费',
  '医疗机构血压计免费检定',
  '民用四表轮换计划',
  '粮食收购衡器专项检定（水分仪）',
]

async function hits(query: string): Promise<number[]> {
  const { rows } = await sql<{ n: bigint }>`select n from unnest(${titles.map(searchText)}::text[]) with ordinality as x(t, n)
    where to_tsvector('simple', t) @@ to_tsquery('simple', ${searchQuery(query)}) order by n`.execute(database.db)
  return rows.map((row) => Number(row.n) - 1)
}

describe('检索', () => {
  it.each([
    '计价器',
    '压力表',
    '汽车衡',
    '实验室',
    '充电桩',
    '水表',
    '加油机',
    '血压计',
    '水分仪',
    '专精特新',
    '缓交',
    '收费减半',
    '最高计量标准',
    '能源计量',
    '测试中心',
  ])('“%s”找全找准', async (query) => expect(await hits(query)).toEqual(titles.flatMap((title, i) => (title.includes(query) ? [i] : []))))

  it.each([
    ['JJG 52-2013', [4]],
    ['jjg52', []],
    ['52-2013', [4]],
    ['jj', [4, 12]],
    ['GB/T 19022', [10]],
    ['gb', [10]],
    ['cna', [7]],
    ['免费 检定', [2, 6, 13, 17]],
    ['表', [4, 13, 18]],
    ['ＣＮＡＳ', [7]],
    ['检定费', [16]],
    ["'; drop table", []],
    ['& | ! <-> :* \\\\', undefined],
  ] as const)('“%s”', async (query, expected) => {
    if (!expected) return expect(searchQuery(query)).toBe('')
    expect(await hits(query)).toEqual(expected)
  })
})
