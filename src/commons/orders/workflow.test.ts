import { describe, expect, it } from 'vitest'
import { visitor } from '../../core/access.ts'
import { advance, choices } from '../../core/workflow.ts'
import { workflow, type Stated } from './workflow.ts'

const now = '2026-11-23T01:00:00.000Z'
const counter = { ...visitor, id: 'p1', role: 'counter', org_id: 'inst' } as const
const row = (more: Partial<Stated>): Stated => ({
  org_id: 'firm',
  region: '330110',
  institution_id: 'inst',
  state: 'accepted',
  pauses: [],
  ...more,
})
const open = (of: Stated) =>
  choices(workflow, of, counter, now)
    .filter(({ disabledReason }) => !disabledReason)
    .map(({ name }) => name)

describe('委托单的计时', () => {
  const running = row({ pauses: [{ from: '2026-11-01T00:00:00.000Z', to: '2026-11-03T00:00:00.000Z', reason: '等配件' }] })
  const standing = row({ pauses: [{ from: '2026-11-20T00:00:00.000Z', reason: '等样品' }] })

  it('走着的只能暂停，停着的只能恢复', () => {
    expect(open(running)).toEqual(['pause', 'explain', 'finish', 'close'])
    expect(open(standing)).toEqual(['resume', 'explain', 'finish', 'close'])
    expect(advance(workflow, running, 'resume', counter, now)).toMatchObject({
      kind: 'conflict',
      reason: expect.stringContaining('不用恢复'),
    })
    expect(advance(workflow, standing, 'pause', counter, now, '再等')).toMatchObject({ reason: expect.stringContaining('恢复计时') })
    expect(advance(workflow, standing, 'resume', counter, now)).toMatchObject({ to: 'accepted' })
  })

  it('没有受理的没有计时', () => {
    expect(open(row({ state: 'placed' }))).toEqual(['accept', 'refuse'])
  })
})
