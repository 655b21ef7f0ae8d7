/** Certificates of every kind with awkward texts and numbers, for property tests; all of them may be issued. */
import fc from 'fast-check'
import type { CertificateContent, ResultRow, ResultTable, Verdict } from './content.ts'
import { calibrated, failed, passed } from './samples.ts'

/** Texts as people type them, with what XML and PDF trip over. */
const phrase = fc
  .array(fc.constantFrom('压力表', 'φ6', '<b>', '&amp;', '"引号"', ']]>', 'é', '½', '𠮷', '（0～1.6）MPa', "o'k", '  ', '-', '级', 'A'), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.join(''))
  .map((text) => text.trim())
  .filter(Boolean)

const decimal = fc
  .record({ whole: fc.integer({ min: 0, max: 99_999 }), digits: fc.stringMatching(/^\d{0,6}$/), negative: fc.boolean() })
  .map(({ whole, digits, negative }) => `${negative ? '-' : ''}${whole}${digits ? `.${digits}` : ''}`)
const positive = decimal.map((text) => text.replace('-', ''))
const units = fc.constantFrom('MPa', 'mm', '℃', 'kg', 'V', 'HRC', 'μm', 'Hz', '%RH', 'L/min', 'pH', 'N·m')

const row = (verdict: Verdict | undefined): fc.Arbitrary<ResultRow> =>
  fc
    .record(
      { label: phrase, nominal: decimal, reference: decimal, indication: decimal, error: decimal, lower: decimal, upper: decimal },
      { requiredKeys: ['error'] },
    )
    .chain((values) =>
      fc.option(fc.record({ U: positive, k: fc.constantFrom('2', '2.00', '1.96', '3') }), { nil: {} }).map((uncertainty) => ({
        ...values,
        ...uncertainty,
        ...(verdict && { verdict }),
      })),
    )

const table = (verdict: Verdict | undefined): fc.Arbitrary<ResultTable> =>
  fc.record({
    title: phrase,
    quantity: phrase,
    unit: units,
    coverage: fc.constantFrom('0.95', '0.9545', '0.99'),
    rows: fc.array(row(verdict), { minLength: 1, maxLength: 12 }),
  })

const certain = { title: '示值', quantity: '量', unit: 'mm', coverage: '0.95', rows: [{ error: '0.1', U: '0.02', k: '2' }] } as const

/** Everything that varies in a content of any kind; the rest is a sample's. */
export const anyContent: fc.Arbitrary<CertificateContent> = fc.constantFrom(passed, failed, calibrated).chain((base) => {
  const judged = base.kind !== 'calibration'
  return fc
    .record({
      client: fc.record({ name: phrase, address: phrase }, { requiredKeys: ['name'] }),
      item: fc.record(
        { name: phrase, nameEn: phrase, maker: phrase, model: phrase, serial: phrase, code: phrase, range: phrase, accuracy: phrase },
        { requiredKeys: ['name', 'serial'] },
      ),
      conditions: fc.array(fc.record({ name: phrase, value: decimal, unit: units }), { maxLength: 3 }),
      inspections: fc.array(
        fc.record({ title: phrase, finding: phrase }).map((each) => (judged ? { ...each, verdict: 'pass' as const } : each)),
        { maxLength: 3 },
      ),
      tables: fc.array(table(judged ? 'pass' : undefined), { minLength: 1, maxLength: 3 }),
      remarks: fc.array(phrase, { maxLength: 2 }),
      replaces: fc.option(fc.record({ number: fc.constant('JD2026-000009'), reason: phrase }), { nil: undefined }),
    })
    .map(({ replaces, tables, ...varied }) => ({
      ...base,
      ...varied,
      ...(replaces && { replaces }),
      tables: base.kind === 'verification-failure' ? [...tables, base.tables[0]!] : judged ? tables : [...tables, certain],
    }))
})
