import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../../core/refusal.ts'
import { rational } from '../../../core/quantities/rational.ts'
import { differenceInBase, inBase } from '../../../core/quantities/quantity.ts'
import { getUnit } from '../../../core/quantities/units.ts'
import { anyContent } from '../arbitrary.ts'
import type { CertificateContent } from '../content.ts'
import { digitalOf } from '../dcc/model.ts'
import { readDcc } from '../dcc/read.ts'
import { writeDcc } from '../dcc/write.ts'
import { calibrated, failed, passed } from '../samples.ts'
import { contradiction, matchInstrument, type Candidate } from './match.ts'
import { pointsOf } from './points.ts'
import { readingOf } from './reading.ts'

const through = (content: CertificateContent) => {
  const digital = readDcc(writeDcc(content))
  if (isRefusal(digital)) throw new Error(digital.reason)
  return readingOf(
    digital,
    content.tables.map(({ unit }) => getUnit(unit).code),
  )
}

/** What the content itself says, reckoned without the digital form: in base units, uncertainty as u. */
const expected = (content: CertificateContent) =>
  content.tables.flatMap((table) =>
    table.rows.flatMap((row) => {
      const at = row.nominal ?? row.reference ?? row.indication
      const reference = table.rows.some(({ reference: one }) => one !== undefined) ? row.reference : row.nominal
      const errors = table.rows.some(({ error }) => error !== undefined)
      const columns = ['nominal', 'reference', 'indication'] as const
      if (!columns.some((column) => table.rows.some((each) => each[column] !== undefined))) return []
      const error = errors
        ? row.error
        : row.indication && reference
          ? rational(row.indication).sub(rational(reference)).toString()
          : undefined
      if (at === undefined || error === undefined || !row.U || !row.k || Number(row.U) <= 0) return []
      const unit = getUnit(table.unit)
      return [
        {
          quantity: unit.quantity,
          at: inBase(at, unit.code).valueOf(),
          error: differenceInBase(error, unit.code).valueOf(),
          u: differenceInBase(row.U, unit.code).valueOf() / Number(row.k),
        },
      ]
    }),
  )

describe('数字证书里的数据变成台账里的校准点', () => {
  it('随便什么证书，写成数字证书再读回来，各点的示值、误差、标准不确定度不变', () => {
    fc.assert(
      fc.property(anyContent, (content) => {
        const all = expected(content)
        const { results } = through(content)
        const wanted = all.filter(({ quantity }) => quantity === all[0]!.quantity)
        expect(results?.points.length ?? 0).toBe(wanted.length)
        for (const [i, point] of (results?.points ?? []).entries()) {
          const { at, error, u } = wanted[i]!
          expect(inBase(point.at, point.atUnit).valueOf()).toBeCloseTo(at, 6)
          expect(differenceInBase(point.error, point.unit).valueOf()).toBeCloseTo(error, 6)
          const read = differenceInBase(point.expanded, point.unit).valueOf() / Number(results!.k)
          expect(Math.abs(read - u)).toBeLessThanOrEqual(Math.abs(u) * 1e-9)
        }
      }),
      { numRuns: 80, seed: 20261127 },
    )
  })

  it('示例的检定证书、通知书、校准证书：数字原样，位数不变', () => {
    expect(through(passed).results).toEqual({
      points: [
        ['0', '0.000'],
        ['0.4', '0.002'],
        ['0.8', '0.006'],
        ['1.2', '-0.006'],
        ['1.6', '-0.002'],
      ].map(([at, error]) => ({ at, atUnit: 'MPa', error, expanded: '0.006', unit: 'MPa' })),
      k: '2',
      asFound: true,
    })
    expect(through(passed)).toMatchObject({ kind: 'verification', conclusion: 'pass', validUntil: '2027-05-22', doneOn: '2026-11-23' })
    expect(through(failed)).toMatchObject({ kind: 'verification', conclusion: 'fail', validUntil: null })
    const caliper = through(calibrated)
    expect(caliper).toMatchObject({ kind: 'calibration', conclusion: 'none', item: { serials: ['K-88123'], codes: ['KC-0007'] } })
    expect(caliper.results?.points).toHaveLength(61)
  })

  it('科学记数法、另一种单位、另一个 k 换算清楚；不同的量、没有不确定度的点不读入，并说明', () => {
    const series = (refType: string, unit: string, values: (string | null)[], more = {}) => ({ refType, unit, values, ...more })
    const list = (n: number, value: string) => Array.from({ length: n }, () => value)
    const { results, notes } = pointsOf([
      {
        name: '一',
        series: [
          series('basic_nominalValue', '\\milli\\metre', ['1.0E1', '20']),
          series('basic_measurementError', '\\milli\\metre', ['+0.01', '0.02'], {
            U: ['0.01', null],
            k: list(2, '2'),
            coverage: list(2, '0.95'),
          }),
        ],
      },
      {
        name: '二',
        series: [
          series('basic_nominalValue', '\\metre', ['0.03']),
          series('basic_measurementError', '\\micro\\metre', ['30'], { U: ['15'], k: ['3'], coverage: ['0.99'] }),
        ],
      },
      {
        name: '三',
        series: [
          series('basic_nominalValue', '\\degreecelsius', ['20']),
          series('basic_measurementError', '\\degreecelsius', ['0.1'], { U: ['0.1'], k: ['2'], coverage: ['0.95'] }),
        ],
      },
      { name: '四', series: [series('basic_measuredValue', '\\metre', ['1'])] },
      { name: '五', series: [series('basic_nominalValue', '\\parsec', ['1']), series('basic_measurementError', '\\metre', ['1'])] },
    ])
    expect(results).toEqual({
      points: [
        { at: '10', atUnit: 'mm', error: '0.01', expanded: '0.01', unit: 'mm' },
        { at: '30', atUnit: 'mm', error: '0.03', expanded: '0.01', unit: 'mm' },
      ],
      k: '2',
      asFound: true,
    })
    expect(notes.join('')).toMatch(/“一”有 1 点.*“四”没有写明.*“五”的单位.*不认识.*另有 1 点不是长度.*换算到 k=2/)
  })

  it('同一个记号有几种单位的，按器具自己的单位认', () => {
    const digital = digitalOf({ ...calibrated, tables: [{ ...calibrated.tables[1]!, unit: '%RH' }] })
    expect(pointsOf(digital.results, ['%RH']).results?.points[0]?.unit).toBe('%RH')
    expect(pointsOf(digital.results, []).results?.points[0]?.unit).toBe('%')
  })
})

describe('证书是哪一件器具的', () => {
  const it1: Candidate = { id: '1', code: 'YL-0042', name: '压力表', model: 'Y-100', serial: '20231187' }
  const item = (serials: string[], codes: string[], model: string | null = null) => ({ item: { name: '压力表', model, serials, codes } })

  it('出厂编号或器具编号对得上一件，就是它；大小写、空格、全角不算不同', () => {
    expect(matchInstrument(item(['20231187'], []), [it1]).id).toBe('1')
    expect(matchInstrument(item([], ['yl-0042 ']), [it1]).id).toBe('1')
    expect(matchInstrument(item(['２０２３１１８７'], ['别的']), [it1]).id).toBe('1')
  })

  it('几件都对得上、型号或出厂编号矛盾、都没有：不猜，说为什么', () => {
    const it2 = { ...it1, id: '2', code: 'YL-0043' }
    expect(matchInstrument(item(['20231187'], []), [it1, it2]).why).toContain('2 件对得上（YL-0042、YL-0043）')
    expect(matchInstrument(item(['20231187'], ['YL-0043']), [it1, it2]).id).toBe('2')
    expect(matchInstrument(item(['999'], ['YL-0042']), [it1]).why).toContain('出厂编号是 999，台账里 YL-0042 的是 20231187')
    expect(matchInstrument(item(['20231187'], [], 'Y-60'), [it1]).why).toContain('型号是 Y-60')
    expect(matchInstrument(item(['20231187'], ['YL-0042'], 'Y-60'), [it1]).id).toBe('1')
    expect(matchInstrument(item([], []), [it1]).why).toContain('没有出厂编号，也没有器具编号')
    expect(matchInstrument(item(['5'], []), []).why).toContain('先登记')
    expect(contradiction(item([], []), it1)).toBeUndefined()
  })
})
