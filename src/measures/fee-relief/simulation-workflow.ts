/** The steps of a simulation. The background takes its steps for whoever asked. */
import type { Grant, Protected } from '../../core/access.ts'
import { defineWorkflow } from '../../core/workflow.ts'
import { simulationStates, type SimulationState } from './simulation-model.ts'

/** What an authority tries out before it decides is its own; the platform runs it. */
export const simulationReaders = ['regulator:own', 'admin:any'] as const satisfies readonly Grant[]

const own = ['regulator:own'] as const satisfies readonly Grant[]

export const simulationWorkflow = defineWorkflow<Protected & { state: SimulationState }>()({
  name: 'simulation',
  title: '政策模拟',
  states: simulationStates,
  start: 'running',
  steps: {
    complete: { label: '算完', from: ['running'], to: 'done', by: own },
    fail: { label: '算不下去', from: ['running'], to: 'failed', by: own },
    cancel: {
      label: '取消计算',
      from: ['running'],
      to: 'cancelled',
      by: own,
      confirm: '取消后这次模拟不再计算，没有结果；需要时可以再算。',
    },
  },
})

export const simulationPast = { complete: 'completed', fail: 'failed', cancel: 'cancelled' } as const
