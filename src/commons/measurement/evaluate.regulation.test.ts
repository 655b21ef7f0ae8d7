import { describe, expect, it } from 'vitest'
import { evaluateRecord, type Question } from './evaluate.ts'
import type { Entered } from './model.ts'
import type { RecordedService } from './templates/index.ts'
import { U2, question } from './test-questions.ts'

describe('按检定规程评定，不计测量不确定度', () => {
  const caliper = (r: string[], over: Partial<Entered> = {}, service: RecordedService = 'verification') =>
    question('caliper', 'mm', { high: '150', division: '0.02', dT: '1' }, [{ at: '90', readings: { r } }], U2('0.0006', 'mm'), service, {
      judging: 'regulation',
      ...over,
    })

  it('卡尺 0.02 mm：通常的规则待定，按规程合格；U、k 和误判的可能性照样算', () => {
    // E = 0.02/3 = 0.0066667; u = 0.0089702, k = 2.57, U = 0.023 (reckoned above); MPE = 0.02 < 3 U.
    // P = Φ((−0.02 − 0.0066667)/u) + Φ((0.0066667 − 0.02)/u) = Φ(−2.9728) + Φ(−1.4864) = 0.00148 + 0.06859 = 0.0701.
    const r = ['90.00', '90.00', '90.02']
    expect(evaluateRecord(caliper(r, { judging: 'third' }))).toMatchObject({ conclusion: 'undetermined', points: [{ wide: true }] })
    // A record from before there was a choice.
    const { judging: _, ...older } = caliper(r).entered
    expect(evaluateRecord({ ...caliper(r), entered: older }).conclusion).toBe('undetermined')
    const { points, conclusion, rule, warnings } = evaluateRecord(caliper(r))
    expect(conclusion).toBe('pass')
    expect(points[0]).toMatchObject({ verdict: 'pass', guardBand: 0, UText: '0.023', kText: '2.57', wide: true })
    expect(points[0]!.falseAccept).toBeCloseTo(0.0701, 3)
    expect(points[0]!.said).toContain('按 JJG 30-2012 评定，不计 U；真值其实超出允许范围的可能性约 7.0 %')
    expect(rule).toMatch(/按检定规程评定，不计测量不确定度：JJG 30-2012.*JJF 1094-2002 5\.3\.1/)
    expect(warnings.join()).toContain('误判为合格的可能性约 7.0 %')
  })

  it('正好在最大允许误差上合格，多一点就不合格', () => {
    expect(evaluateRecord(caliper(['90.02', '90.02', '90.02'])).conclusion).toBe('pass')
    expect(evaluateRecord(caliper(['90.02', '90.02', '90.03'])).conclusion).toBe('fail')
  })

  it('没有对照现行规程核对、环境不符合规程的，不下结论；校准不能选', () => {
    const refused = (asked: Question) => {
      const { conclusion, problems } = evaluateRecord(asked)
      expect(conclusion).toBeNull()
      return problems.join('\n')
    }
    const r = ['90.00', '90.00', '90.00']
    expect(refused(caliper(r, { verified: false }))).toContain('按检定规程评定，须先对照现行的 JJG 30-2012 核对')
    expect(refused(caliper(r, { conditions: { t: '27', h: '50' } }))).toContain('须符合规程的环境条件')
    expect(evaluateRecord(caliper(r, { judging: 'third', conditions: { t: '27', h: '50' } })).problems).toEqual([])
    expect(refused(caliper(r, {}, 'calibration'))).toContain('校准不判定合格与否')
  })

  it('模板依据的不是检定规程的，不能选', () => {
    const asked = caliper(['90.00', '90.00', '90.00'])
    const { problems, rule } = evaluateRecord({
      ...asked,
      template: { ...asked.template, verification: { number: 'JJF 1847-2020', title: '示例', trust: 'page' } },
    })
    expect(problems.join()).toContain('没有检定规程')
    expect(rule).not.toContain('不计测量不确定度')
  })
})
