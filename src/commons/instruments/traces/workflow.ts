/** The steps of a reverse trace: it stays open until it is signed. */
import type { Grant, Protected } from '../../../core/access.ts'
import { defineWorkflow } from '../../../core/workflow.ts'
import { traceStates, type TraceState } from './model.ts'

export const readers = ['enterprise:own', 'regulator:region', 'admin:any'] as const satisfies readonly Grant[]

export interface Traced extends Protected {
  state: TraceState
  /** Uses without a judgement; undefined where nobody looked. */
  unjudged?: number
  uses?: number
}

export const workflow = defineWorkflow<Traced>()({
  name: 'trace',
  title: '追溯评价',
  states: traceStates,
  start: 'open',
  steps: {
    sign: {
      label: '签字结案',
      from: ['open'],
      to: 'signed',
      by: ['enterprise:own'],
      opinion: 'required',
      unless: ({ unjudged = 0, uses = 0 }) =>
        uses === 0
          ? '还没有一项用途：请补充这段时间用它测过什么；确实没有用过的，也写一项“没有使用”并说明'
          : unjudged > 0
            ? `还有 ${unjudged} 项没有评价，逐项评价后才能结案（GB/T 19001—2016 7.1.5.2）`
            : undefined,
    },
    reopen: { label: '重新追溯', from: ['signed'], to: 'open', by: ['enterprise:own'], opinion: 'required' },
    void: { label: '作废', from: ['open', 'signed'], to: 'voided', by: ['enterprise:own'] },
  },
})
export type TraceStep = keyof typeof workflow.steps
