import { describe, expect, it } from 'vitest'
import { findKind } from '../../../core/instrument-kinds.ts'
import { getUnit } from '../../../core/quantities/units.ts'
import { expressionOf } from '../names.ts'
import { templates } from './index.ts'

describe('模板', () => {
  it.each(templates.map((template) => [template.title, template] as const))('%s：公式都读得懂，名字都有来处', (_, template) => {
    const names = new Set([
      ...template.parameters.map(({ name }) => name),
      ...template.columns.flatMap(({ name }) => [name, `${name}_range`]),
      'x',
      'y',
      't',
      'h',
    ])
    const texts = [
      template.indication,
      template.reference,
      template.error,
      template.limit.over ?? 'x',
      ...template.points.map(({ at }) => at),
      ...template.limit.pieces.flatMap(({ upTo, is }) => [is, ...(upTo ? [upTo] : [])]),
      ...template.checks.flatMap(({ value, limit }) => [value, limit.replaceAll('mpe', '1')]),
      ...template.budget.inputs.flatMap(({ evaluation: e, value }) => [
        value ?? '0',
        ...('step' in e ? [e.step] : []),
        ...('halfWidth' in e ? [e.halfWidth] : []),
      ]),
    ]
    for (const text of texts) expect(expressionOf(text).names.filter((name) => !names.has(name))).toEqual([])
    const inputs = new Set([...names, ...template.budget.inputs.map(({ name }) => name)])
    expect(expressionOf(template.budget.model).names.filter((name) => !inputs.has(name))).toEqual([])
    for (const kind of template.kinds) expect(findKind(kind)).toBeDefined()
    for (const norm of [template.verification, template.calibration]) if (norm) expect(norm.number).toMatch(/-\d{4}$/)
    if (template.unit) expect(getUnit(template.unit).code).toBe(template.unit)
    for (const { unit } of template.parameters) if (unit && unit !== 'instrument') expect(() => getUnit(unit)).not.toThrow()
  })
})
