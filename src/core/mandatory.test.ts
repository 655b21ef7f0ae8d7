import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogueEntries, instrumentKinds, kindsIn, type InstrumentKind } from './instrument-kinds.ts'
import { mandatoryOf, type MandatoryAnswer, type MandatoryQuestion, type Verdict } from './mandatory.ts'

const purposes = ['trade', 'safety', 'medical', 'environment'] as const
const uses = [...purposes, 'top-standard', 'other'] as const
const ask = (kind: string | null, use: string | null, more: Partial<MandatoryQuestion> = {}): MandatoryAnswer =>
  mandatoryOf({ kind, use, ...more })
const firm = (a: MandatoryAnswer) => a.verdict !== 'unknown' && !a.toVerify
const known = new Set(instrumentKinds.map((k) => k.code))

/** The kinds that this one may turn out to be: those below, and itself unless it is only a heading. */
const leaves = (kind: InstrumentKind): InstrumentKind[] => [
  ...(kind.catalogue || catalogueEntries(kind.code).length === 0 ? [kind] : []),
  ...kindsIn(kind.code).flatMap(leaves),
]
/** Said once more, slowly: what one row of the table says of one use. */
const ofRow = ({ catalogue }: InstrumentKind, use: (typeof purposes)[number]): Verdict =>
  catalogue && ['V', 'P+V'].includes(catalogue.mode) && catalogue.uses.includes(use) ? 'yes' : 'no'

describe('是否强制检定', () => {
  it('锅炉上的压力表（安全防护）是强制检定，试验台上的同一块表（其他）不是', () => {
    const onBoiler = ask('pressure-gauge', 'safety')
    expect(onBoiler).toMatchObject({ verdict: 'yes', toVerify: true })
    expect(onBoiler.reason).toContain('用于安全防护')
    expect(onBoiler.reason).toContain('周期检定')
    const onBench = ask('pressure-gauge', 'other')
    expect(onBench).toMatchObject({ verdict: 'no', toVerify: false, citations: ['《计量法》第九条'] })
  })

  it.each([
    ['ev-charger', 'trade', 'yes', false],
    ['ev-charger', 'safety', 'no', false],
    ['water-meter', 'trade', 'yes', true],
    ['speed-meter', 'safety', 'yes', false],
    ['sphygmomanometer', 'medical', 'yes', false],
    ['sphygmomanometer', 'trade', 'no', false],
    ['optometer', 'medical', 'yes', false],
    ['scale.electronic', 'trade', 'yes', true],
    ['load-cell', 'trade', 'no', true],
    ['pressure-transmitter', 'safety', 'no', true],
    ['caliper', 'trade', 'no', true],
    ['caliper', 'top-standard', 'yes', false],
    ['caliper', 'other', 'no', false],
    ['scale.electronic.counter', 'trade', 'yes', true],
    ['gas-detector', 'safety', 'yes', true],
    ['gas-detector', 'medical', 'no', true],
  ] as const)('%s 用于 %s：%s', (kind, use, verdict, toVerify) => expect(ask(kind, use)).toMatchObject({ verdict, toVerify }))

  it('首次检定的，理由里写明失准报废或到期轮换；有规格限制的要核对', () => {
    expect(ask('clinical-thermometer.glass', 'medical').reason).toContain('只作首次强制检定，失准报废')
    expect(ask('electricity-meter', 'trade').reason).toContain('只作首次强制检定，限期使用、到期轮换')
    expect(ask('water-meter', 'trade').reason).toContain('水表（DN15～DN50）')
    expect(ask('water-meter', 'trade').reason).toContain('规格以外的不属于，请核对')
    expect(ask('gas-meter', 'trade').toVerify).toBe(true)
    expect(ask('ev-charger.ac', 'trade').reason).toBe('电动汽车充电桩用于贸易结算，在目录内，属于强制检定，周期检定')
  })

  it('种类或用途没有填，先问能定下来的那一项', () => {
    expect(ask(null, null)).toMatchObject({ verdict: 'unknown', ask: 'use' })
    expect(ask('pressure-gauge', null)).toMatchObject({ verdict: 'unknown', ask: 'use' })
    expect(ask('caliper', null)).toMatchObject({ verdict: 'unknown', ask: 'use' })
    expect(ask(null, 'safety')).toMatchObject({ verdict: 'unknown', ask: 'kind' })
    expect(ask('no-such-kind', 'safety')).toMatchObject({ verdict: 'unknown', ask: 'kind' })
    expect(ask('caliper', 'epidemic-control')).toMatchObject({ verdict: 'unknown', ask: 'use' })
    expect(ask(null, 'other')).toMatchObject({ verdict: 'no', toVerify: false })
    expect(ask(null, 'top-standard')).toMatchObject({ verdict: 'yes', toVerify: false })
  })

  it('大类里有的属于、有的不属于：问更细的种类', () => {
    // 非自动衡器 is listed for medical use, the automatic ones below 衡器 are not.
    expect(ask('scale', 'medical')).toMatchObject({ verdict: 'unknown', ask: 'kind', toVerify: true })
    expect(ask('scale', 'trade')).toMatchObject({ verdict: 'yes' })
    expect(ask('gas-detector', 'environment')).toMatchObject({ verdict: 'yes' })
  })

  it('企业最高计量标准器具这一种类不看用途；用途填“其他”时说明矛盾', () => {
    for (const use of [null, ...purposes, 'top-standard'])
      expect(ask('top-standard', use)).toMatchObject({ verdict: 'yes', toVerify: false })
    expect(ask('top-standard', 'other')).toMatchObject({ verdict: 'unknown', ask: 'use' })
  })

  it('充电桩 2023-01-01 起才列入；现行目录施行以前不判断', () => {
    expect(ask('ev-charger.dc', 'trade', { onDate: '2022-12-31' })).toMatchObject({ verdict: 'no', toVerify: false })
    expect(ask('ev-charger.dc', 'trade', { onDate: '2022-12-31' }).reason).toContain('自 2023-01-01 起')
    expect(ask('ev-charger.dc', 'trade', { onDate: '2023-01-01' })).toMatchObject({ verdict: 'yes', toVerify: false })
    expect(ask('scale.truck', 'trade', { onDate: '2020-10-25' })).toMatchObject({ verdict: 'unknown', toVerify: true })
    expect(ask('scale.truck', 'other', { onDate: '2020-10-25' })).toMatchObject({ verdict: 'no' })
  })

  it('人工确认只解决未知和待核实，不推翻明确的结论', () => {
    const confirmed = { verdict: 'no', basis: '市场监管所备案回执 2026-18' } as const
    const settled = ask('pressure-gauge', 'safety', { confirmed })
    expect(settled).toMatchObject({ verdict: 'no', toVerify: false })
    expect(settled.reason).toContain('市场监管所备案回执 2026-18')
    expect(settled.citations[0]).toBe('市场监管所备案回执 2026-18')
    expect(ask(null, null, { confirmed: { ...confirmed, verdict: 'yes' } })).toMatchObject({ verdict: 'yes', toVerify: false })
    expect(ask('ev-charger', 'trade', { confirmed })).toEqual(ask('ev-charger', 'trade'))
    expect(ask('caliper', 'other', { confirmed: { ...confirmed, verdict: 'yes' } })).toEqual(ask('caliper', 'other'))
    expect(ask('pressure-gauge', 'safety', { confirmed: null })).toEqual(ask('pressure-gauge', 'safety'))
  })
})

describe('全部种类 × 用途', () => {
  const all = instrumentKinds.flatMap((kind) => [null, ...uses].map((use) => [kind, use] as const))

  it(`${instrumentKinds.length} 种 × ${uses.length + 1} 种用途都有一句话的理由和依据`, () => {
    expect(instrumentKinds).toHaveLength(141)
    for (const [kind, use] of all) {
      const found = ask(kind.code, use)
      expect(found.reason).not.toMatch(/undefined|null/)
      expect(found.citations.length).toBeGreaterThan(0)
      expect(found.ask === undefined).toBe(found.verdict !== 'unknown')
    }
  })

  it('结论等于所有可能的细分种类共同的结论；只有真的没有定论时才是未知', () => {
    for (const kind of instrumentKinds.filter((k) => k.code !== 'top-standard')) {
      for (const use of purposes) {
        const verdicts = new Set(leaves(kind).map((leaf) => ofRow(leaf, use)))
        expect(ask(kind.code, use).verdict, `${kind.code} ${use}`).toBe(verdicts.size === 1 ? [...verdicts][0] : 'unknown')
      }
      expect(ask(kind.code, 'top-standard').verdict).toBe('yes')
      expect(ask(kind.code, 'other').verdict).toBe('no')
      // With no use on record both are possible.
      expect(ask(kind.code, null).verdict).toBe('unknown')
    }
  })

  it('明确的结论写明《计量法》第九条；明确属于的还写明实施细则第十一条和目录', () => {
    let yes = 0
    for (const [kind, use] of all) {
      const found = ask(kind.code, use)
      if (!firm(found)) continue
      expect(found.citations).toContain('《计量法》第九条')
      if (found.verdict !== 'yes') continue
      yes++
      expect(found.citations).toContain('《计量法实施细则》第十一条')
      if (use !== 'top-standard' && kind.code !== 'top-standard') {
        expect(
          found.citations.some((c) => c.includes('公告2020年第42号') && c.includes(kind.catalogue?.item ?? '')),
          kind.code,
        ).toBe(true)
      }
    }
    expect(yes).toBeGreaterThan(instrumentKinds.length)
  })

  it('待核实的行从不给出明确的“属于”；不在目录里的“不属于”也待核实，因为目录是部分重建', () => {
    for (const kind of instrumentKinds) {
      for (const use of purposes) {
        const found = ask(kind.code, use)
        const doubtful = leaves(kind).some((leaf) => leaf.toVerify || (leaf.catalogue && !leaf.catalogue.confidence.startsWith('high')))
        if (found.verdict === 'yes' && doubtful && kind.code !== 'top-standard') expect(found.toVerify, `${kind.code} ${use}`).toBe(true)
        if (kind.code !== 'top-standard' && catalogueEntries(kind.code).length === 0)
          expect(found, kind.code).toMatchObject({ verdict: 'no', toVerify: true })
      }
    }
  })

  it('补上未知不会把“属于”变成“不属于”，也不会把“不属于”变成“属于”', () => {
    const refine = (kind: string | null): (string | null)[] =>
      kind === null ? [null, ...known] : [kind, ...[...known].filter((code) => code.startsWith(`${kind}.`))]
    for (const kind of [null, ...known]) {
      for (const use of [null, ...uses]) {
        const before = ask(kind, use)
        if (before.verdict === 'unknown') continue
        for (const finer of refine(kind)) {
          for (const later of use === null ? [null, ...uses] : [use]) {
            const after = ask(finer, later)
            // 企业最高计量标准器具 for 其他 contradicts itself: asked again, never turned round.
            if (finer === 'top-standard' && later === 'other') expect(after.verdict).toBe('unknown')
            else expect(after.verdict, `${kind} ${use} → ${finer} ${later}`).toBe(before.verdict)
          }
        }
      }
    }
  })

  it('随便什么种类、用途、日期和确认都有答复，确认后不再是未知', () => {
    const anything = fc.oneof(fc.constantFrom(...known), fc.string({ maxLength: 12 }))
    fc.assert(
      fc.property(
        fc.option(anything, { nil: null }),
        fc.option(fc.oneof(fc.constantFrom(...uses), fc.string({ maxLength: 6 }), fc.constantFrom('toString', '__proto__')), { nil: null }),
        fc.option(fc.constantFrom('2019-01-01', '2022-06-01', '2026-11-24'), { nil: undefined }),
        fc.constantFrom('yes', 'no'),
        (kind, use, onDate, verdict) => {
          const plain = ask(kind, use, { onDate })
          const settled = ask(kind, use, { onDate, confirmed: { verdict, basis: '证书' } })
          expect(settled.verdict).toBe(firm(plain) ? plain.verdict : verdict)
          expect(settled.toVerify).toBe(false)
        },
      ),
    )
  })
})
