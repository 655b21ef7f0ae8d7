import { describe, expect, it } from 'vitest'
import type { Actor } from '../../core/access.ts'
import { applicationProblem, dueOf, outcomeOf, pausesAfter } from './rules.ts'
import { judged, hangzhou } from './test-judged.ts'

const enterprise: Actor = { id: 'a', name: '示例·周质量', role: 'enterprise', org_id: 'o', org_name: '示例', region: '330110' }

describe('申请', () => {
  it('只有符合、且来源可信的政策可以申请；拒绝时写明条款和办法', () => {
    expect(applicationProblem(judged({ ...hangzhou, employees: 5 }), enterprise)).toBeUndefined()
    expect(applicationProblem(judged(hangzhou), enterprise)).toMatchObject({
      kind: 'conflict',
      code: 'UNDECIDED',
      reason: expect.stringContaining('示例〔2026〕1号 第二条'),
    })
    expect(applicationProblem(judged({ ...hangzhou, employees: 50 }), enterprise)).toMatchObject({ code: 'NOT_ELIGIBLE' })
    expect(applicationProblem({ ...judged({ ...hangzhou, employees: 5 }), force: 'guidance' }, enterprise)).toMatchObject({
      code: 'GUIDANCE_ONLY',
    })
    expect(applicationProblem(judged({ ...hangzhou, employees: 5 }), { ...enterprise, role: 'regulator' })).toMatchObject({
      kind: 'forbidden',
    })
  })

  it('承诺 5 个工作日；补正期间不计，再次提交后接着算', () => {
    const monday = '2026-11-23T02:00:00.000Z'
    expect(dueOf(monday, [], monday)).toEqual({ on: '2026-11-30', provisional: false })
    const paused = pausesAfter([], 'return', '2026-11-24T02:00:00.000Z')
    const resumed = pausesAfter(paused, 'resubmit', '2026-11-26T02:00:00.000Z')
    expect(resumed).toEqual([{ from: '2026-11-24T02:00:00.000Z', to: '2026-11-26T02:00:00.000Z', reason: '等待企业补正' }])
    expect(dueOf(monday, resumed, '2026-11-26T02:00:00.000Z').on).toBe('2026-12-02')
  })

  it('确认已享受要填金额，不予通过要选原因', () => {
    expect(outcomeOf('grant', { saving: '1,234.50' })).toEqual({ savingFen: 123_450n, reasonCode: null })
    for (const saving of [undefined, '-1', '一百', '1.234', '100000000.01'])
      expect(outcomeOf('grant', { saving })).toMatchObject({ kind: 'invalid', fields: { saving: expect.any(String) } })
    expect(outcomeOf('decline', {})).toMatchObject({ kind: 'invalid', fields: { reason: expect.any(String) } })
    expect(outcomeOf('decline', { reason: 'closed' })).toEqual({ savingFen: null, reasonCode: 'closed' })
  })
})
