import { describe, expect, it } from 'vitest'
import { platform, roles, type Actor, type Role } from '../../core/access.ts'
import { isRefusal } from '../../core/refusal.ts'
import { advance, toMermaid } from '../../core/workflow.ts'
import { states, type State } from './model.ts'
import { automaticSteps, workflow, type PolicyStep, type Reviewed } from './workflow.ts'

const now = '2026-11-23T01:00:00.000Z'
const actor = (role: Role, id: string, region: string): Actor => ({ id, name: id, role, org_id: 'org', org_name: '示例', region })

/** Everyone who could matter, and one of each other role in the same place. */
const people: Record<string, Actor> = {
  起草人: actor('regulator', 'author', '330000'),
  提交人: actor('regulator', 'submitter', '330000'),
  同省监管人员: actor('regulator', 'reviewer', '330000'),
  国家级监管人员: actor('regulator', 'national', '000000'),
  下级市监管人员: actor('regulator', 'city', '330100'),
  外省监管人员: actor('regulator', 'other', '340000'),
  平台管理员: actor('admin', 'admin', ''),
  平台: platform,
  ...Object.fromEntries(
    (Object.keys(roles) as Role[])
      .filter((role) => role !== 'regulator' && role !== 'admin')
      .map((role) => [roles[role], actor(role, role, '330000')]),
  ),
}

const version = (state: State, missing: readonly string[] = []): Reviewed => ({
  org_id: 'org',
  region: '330000',
  state,
  authors: ['author'],
  submittedBy: 'submitter',
  missing,
})

const outcome = (state: State, step: PolicyStep, who: Actor): string => {
  const next = advance(workflow, version(state), step, who, now, '意见')
  return isRefusal(next) ? `${next.kind}: ${next.reason}` : `→ ${next.to}`
}

describe('政策版本的步骤', () => {
  it('每个状态 × 每一步 × 每个角色', () => {
    const table: Record<string, Record<string, string[]>> = {}
    for (const state of Object.keys(states) as State[])
      for (const step of Object.keys(workflow.steps) as PolicyStep[])
        for (const [name, who] of Object.entries(people)) {
          const cell = ((table[`${states[state]} × ${workflow.steps[step].label}`] ??= {})[outcome(state, step, who)] ??= [])
          cell.push(name)
        }
    expect(table).toMatchSnapshot()
  })

  it('废止和退回必须写明理由', () => {
    for (const [state, step] of [
      ['published', 'end'],
      ['review', 'return'],
    ] as const)
      expect(advance(workflow, version(state), step, people.同省监管人员!, now, '  ')).toMatchObject({
        kind: 'invalid',
        fields: { opinion: '请填写意见' },
      })
  })

  it('缺项时谁也不能发布，理由里列出缺什么', () => {
    expect(advance(workflow, version('review', ['政策卡片缺“何时止”', '解读缺算例']), 'publish', people.同省监管人员!, now)).toMatchObject({
      kind: 'conflict',
      reason: '还缺 2 项，补齐后才能发布：政策卡片缺“何时止”；解读缺算例',
    })
  })

  it('取代和收录只由平台办理', () => {
    for (const step of automaticSteps)
      for (const [name, who] of Object.entries(people))
        for (const state of Object.keys(states) as State[])
          expect(isRefusal(advance(workflow, version(state), step, who, now)), name).toBe(
            !(name === '平台' && workflow.steps[step].from.includes(state)),
          )
  })

  it('流程图由步骤表生成', () => {
    expect(toMermaid(workflow)).toContain('review --> published: 发布（监管人员（本辖区的）、平台管理员（全部））')
  })
})
