import { describe, expect, it } from 'vitest'
import type { Actor, Protected, Role } from './access.ts'
import { isRefusal } from './refusal.ts'
import { advance, choices, defineWorkflow, toMermaid } from './workflow.ts'

interface Row extends Protected {
  state: 'draft' | 'submitted' | 'done'
  submitted_by: string
}

const flow = defineWorkflow<Row>()({
  name: 'sample',
  title: '样例',
  states: { draft: '草稿', submitted: '已提交', done: '已办结' },
  start: 'draft',
  steps: {
    submit: { label: '提交', from: ['draft'], to: 'submitted', by: ['enterprise:own'] },
    approve: {
      label: '批准',
      from: ['submitted'],
      to: 'done',
      by: ['regulator:region'],
      unless: (row, actor) => (row.submitted_by === actor.id ? '提交人不能批准自己的申请' : undefined),
    },
    reject: { label: '退回', from: ['submitted'], to: 'draft', by: ['regulator:region'], opinion: 'required', confirm: '退回后由企业修改' },
  },
})

const actor = (role: Role, more: Partial<Actor> = {}): Actor => ({
  id: 'p1',
  name: '甲',
  role,
  org_id: 'o1',
  org_name: '',
  region: '330000',
  ...more,
})
const row = (state: Row['state']): Row => ({ state, org_id: 'o1', region: '330109', submitted_by: 'p9' })
const now = '2026-11-23T00:00:00Z'

describe('步骤表', () => {
  it('只给有权的人看到按钮，不能办的写明理由', () => {
    expect(choices(flow, row('draft'), actor('enterprise'), now).map((c) => c.label)).toEqual(['提交'])
    expect(choices(flow, row('draft'), actor('enterprise', { org_id: 'o2' }), now)).toEqual([])
    expect(choices(flow, row('submitted'), actor('regulator', { id: 'p9' }), now)).toMatchObject([
      { name: 'approve', disabledReason: '提交人不能批准自己的申请' },
      { name: 'reject', opinion: 'required', confirm: '退回后由企业修改' },
    ])
    expect(choices(flow, row('submitted'), actor('regulator', { region: '340000' }), now)).toEqual([])
  })

  it('状态只按表走：越权、跳步、回避、缺意见各有各的拒绝', () => {
    expect(advance(flow, row('submitted'), 'approve', actor('regulator'), now)).toMatchObject({ to: 'done' })
    expect(advance(flow, row('submitted'), 'approve', actor('enterprise'), now)).toMatchObject({ kind: 'forbidden' })
    expect(advance(flow, row('draft'), 'approve', actor('regulator'), now)).toMatchObject({ kind: 'conflict' })
    expect(advance(flow, row('submitted'), 'approve', actor('regulator', { id: 'p9' }), now)).toMatchObject({
      kind: 'conflict',
      reason: '提交人不能批准自己的申请',
    })
    expect(advance(flow, row('submitted'), 'reject', actor('regulator'), now, '  ')).toMatchObject({
      kind: 'invalid',
      fields: { opinion: '请填写意见' },
    })
    expect(advance(flow, row('draft'), 'fly' as 'submit', actor('enterprise'), now)).toMatchObject({ kind: 'missing' })
  })

  it('看得到且没有理由阻止的按钮，按下去一定成功；其余一定被拒绝', () => {
    for (const state of ['draft', 'submitted', 'done'] as const)
      for (const role of ['enterprise', 'regulator', 'admin', 'visitor'] as const)
        for (const name of ['submit', 'approve', 'reject'] as const) {
          const offered = choices(flow, row(state), actor(role), now).some((c) => c.name === name && !c.disabledReason)
          expect(!isRefusal(advance(flow, row(state), name, actor(role), now, '意见'))).toBe(offered)
        }
  })

  it('图从表里来', () => {
    expect(toMermaid(flow)).toContain('submitted --> done: 批准（监管人员（本辖区的））')
  })
})
