import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import cases from './size-class.cases.json' with { type: 'json' }
import { classify, sizeRows, type Indicator, type SizeQuestion, type SizeRow } from './size-class.ts'

/** An industry code for each row, for cases that name the row only. */
const industryOf: Record<string, string> = {
  agri: 'A01',
  industry: 'C34',
  construction: 'E47',
  wholesale: 'F51',
  retail: 'F52',
  lodging: 'H61',
}
const enterprise = (more: SizeQuestion): SizeQuestion => ({ subjectKind: 'enterprise', ...more })
const withLetter = (digits: string, category: string | null) =>
  ({ agri: 'A', industry: 'C', construction: 'E', warehousing: 'G', infoTransmission: 'I', realEstateDev: 'K', property: 'K', other: 'M' })[
    category ?? ''
  ] ?? (digits.startsWith('66') ? 'J' : 'P')

describe('统计上大中小微型企业划分（国统字〔2017〕213号）', () => {
  it.each(cases.cases)('$id $category → $expected（$why）', (c) => {
    const industry = c.gbt4754 ? withLetter(c.gbt4754, c.category) + c.gbt4754 : industryOf[c.category ?? '']
    const answer = classify(enterprise({ industry, employees: c.X, revenue: c.Y, assets: c.Z }))
    if (c.expected === 'undetermined') {
      expect(answer.size).toBeUndefined()
      expect(answer.possible.length).toBeGreaterThan(1)
    } else expect(answer.size).toBe(c.expected === 'out-of-scope' ? 'unclassified' : c.expected)
  })

  it('共 19 例', () => expect(cases.cases).toHaveLength(19))

  it('缺营业收入的工业企业 50 人：只可能是微型或小型，问营业收入', () => {
    const answer = classify(enterprise({ industry: 'C4011', employees: 50 }))
    expect(answer).toMatchObject({
      possible: ['micro', 'small'],
      missing: ['revenue'],
      unsettled: [],
      toVerify: false,
      source: '国统字〔2017〕213号',
    })
    expect(answer.size).toBeUndefined()
    expect(answer.working.map((s) => s.text)).toEqual([
      '行业 C4011（仪器仪表制造业（细类 4011））按“工业”一行划分。',
      '工业：从业人员 50 人，20 ≤ 50 < 300，属小型一档。',
      '工业：营业收入未填，不作推定，哪一档都可能。',
      '现有数据只能确定是下列之一：微型、小型。',
    ])
  })

  it('缺一项但另一项已是微型：就是微型，不再追问', () => {
    expect(classify(enterprise({ industry: 'C40', employees: 19 }))).toMatchObject({ size: 'micro', missing: [] })
  })

  it('与划型无关的指标不追问', () => {
    expect(classify(enterprise({ industry: 'A01', employees: 8 })).missing).toEqual(['revenue'])
    expect(classify(enterprise({ industry: 'E47', employees: 8 })).missing).toEqual(['revenue', 'assets'])
  })

  it('个体工商户单列，事业单位和计量技术机构不适用划型', () => {
    expect(classify({ subjectKind: 'individual', industry: 'F52', employees: 2 })).toMatchObject({ size: 'individual', missing: [] })
    expect(classify({ subjectKind: 'institution', industry: 'M74', employees: 20 }).size).toBe('unclassified')
    expect(classify({ subjectKind: 'metrology-institution', employees: 20 }).size).toBe('unclassified')
  })

  it('主体类型不明时保留个体工商户和不适用两种可能，并追问', () => {
    const answer = classify({ industry: 'C40', employees: 50, revenue: 500 })
    expect(answer).toMatchObject({ possible: ['small', 'individual', 'unclassified'], missing: [], unsettled: ['subjectKind'] })
  })

  it('行业只知道门类时，各种可能都保留，并追问行业', () => {
    expect(classify(enterprise({ industry: 'F', employees: 15, revenue: 3000 }))).toMatchObject({ size: 'small', unsettled: [] })
    expect(classify(enterprise({ industry: 'F', employees: 25, revenue: 6000 }))).toMatchObject({
      possible: ['small', 'medium'],
      unsettled: ['industry'],
    })
    expect(classify(enterprise({ industry: 'K70', employees: 400, revenue: 60000, assets: 60000 })).possible).toContain('unclassified')
    expect(classify(enterprise({ employees: 1, revenue: 1, assets: 1 })).possible).toEqual(['micro', 'unclassified'])
    expect(classify(enterprise({ industry: 'G59', employees: 150, revenue: 1500 }))).toMatchObject({ possible: ['small', 'medium'] })
  })

  it('铁路、金融、教育、卫生等不适用；社会工作适用', () => {
    for (const industry of ['G53', 'J66', 'K7040', 'P83', 'Q84', 'S92', 'T97']) {
      expect(classify(enterprise({ industry, employees: 50, revenue: 800 })).size).toBe('unclassified')
    }
    expect(classify(enterprise({ industry: 'J66', employees: 50 })).working.map((s) => s.text)).toEqual([
      '行业 J66（货币金融服务）不在 国统字〔2017〕213号 的适用范围内：金融业（另有银发〔2015〕309号），不适用划型。',
    ])
    expect(classify(enterprise({ industry: 'Q85', employees: 50 })).size).toBe('small')
  })

  it('未读到原文的行注明待核实', () => {
    expect(sizeRows.filter((r) => r.toVerify).map((r) => r.id)).toEqual(['realEstateDev', 'property', 'leasingBusiness', 'other'])
    const answer = classify(enterprise({ industry: 'M74', employees: 50 }))
    expect(answer).toMatchObject({ size: 'small', toVerify: true, trust: 'model-knowledge' })
    expect(answer.working[0]?.text).toContain('待核实')
  })

  it('负数和非数不进入判断', () => {
    expect(() => classify(enterprise({ employees: -1 }))).toThrow(RangeError)
    expect(() => classify(enterprise({ revenue: Number.NaN }))).toThrow(RangeError)
  })
})

/** The pairwise text of 工信部联企业〔2011〕300号, written out from the top down: the oracle. */
function byText(row: SizeRow, values: Partial<Record<Indicator, number>>): string {
  const all = (bound: 'largeMin' | 'mediumMin' | 'smallMin') => row.indicators.every((i) => (values[i.indicator] ?? Number.NaN) >= i[bound])
  return all('largeMin') ? 'large' : all('mediumMin') ? 'medium' : all('smallMin') ? 'small' : 'micro'
}
const probes = (row: SizeRow, indicator: Indicator): number[] => {
  const found = row.indicators.find((i) => i.indicator === indicator)
  return found ? [0, ...[found.smallMin, found.mediumMin, found.largeMin].flatMap((b) => [b - 1, b, b + 1])] : []
}
const anyRow = fc.constantFrom(...sizeRows)
const someValues = anyRow.chain((row) => {
  const value = (i: Indicator) => fc.option(fc.constantFrom(0, 7, 99_999_999, ...probes(row, i)), { nil: undefined })
  return fc.record({ row: fc.constant(row), employees: value('employees'), revenue: value('revenue'), assets: value('assets') })
})

describe('缺项推算的性质', () => {
  it('可能的规模恰好等于把缺项填成各界限及其上下一位时出现的规模', () => {
    fc.assert(
      fc.property(someValues, ({ row, ...known }) => {
        const wanted = new Set<string>()
        const fill = (rest: readonly Indicator[], values: Partial<Record<Indicator, number>>): void => {
          const [next, ...more] = rest
          if (next === undefined) wanted.add(byText(row, values))
          else for (const v of known[next] === undefined ? probes(row, next) : [known[next]]) fill(more, { ...values, [next]: v })
        }
        fill(
          row.indicators.map((i) => i.indicator),
          {},
        )
        const answer = classify(enterprise({ industry: row.industries[0], ...known }))
        expect(new Set(answer.possible)).toEqual(wanted)
        expect(answer.size).toBe(wanted.size === 1 ? [...wanted][0] : undefined)
      }),
      { numRuns: 500 },
    )
  })

  it('多填一项，可能的规模只会变少；把 missing 列出的都填上就能定', () => {
    fc.assert(
      fc.property(
        someValues,
        fc.constantFrom('employees' as const, 'revenue' as const, 'assets' as const),
        fc.nat(300_000),
        ({ row, ...known }, added, value) => {
          const before = enterprise({ industry: row.industries[0], ...known })
          const after = before[added] === undefined ? { ...before, [added]: value } : before
          const [wide, narrow] = [classify(before), classify(after)]
          for (const size of narrow.possible) expect(wide.possible).toContain(size)
          const settled = classify({ ...before, ...Object.fromEntries(wide.missing.map((i) => [i, value])) })
          expect(settled.size).toBeDefined()
          expect(wide.missing.length > 0).toBe(wide.size === undefined)
        },
      ),
      { numRuns: 500 },
    )
  })
})
