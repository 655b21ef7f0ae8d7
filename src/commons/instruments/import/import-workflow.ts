/** The steps of an import. The background takes its steps for the person who brought the sheet. */
import type { Grant, Protected } from '../../../core/access.ts'
import { defineWorkflow } from '../../../core/workflow.ts'
import { importStates, type ImportCounts, type ImportState } from './model.ts'

export interface Importing extends Protected {
  state: ImportState
  counts: ImportCounts
  applied: number
}

/** A sheet is the enterprise's own until it is in the ledger. */
export const readers = ['enterprise:own', 'admin:any'] as const satisfies readonly Grant[]

const own = ['enterprise:own'] as const satisfies readonly Grant[]
const entered = ({ applied }: Importing) => (applied > 0 ? `已经登记或更新了 ${applied} 件，不能作废；不再导入的请选“结束”` : undefined)

export const workflow = defineWorkflow<Importing>()({
  name: 'instrument-import',
  title: '台账导入',
  states: importStates,
  start: 'reading',
  steps: {
    present: { label: '读完，待确认', from: ['reading'], to: 'preview', by: own },
    settle: { label: '读完，没有要登记的', from: ['reading'], to: 'done', by: own },
    fail: { label: '读不下去', from: ['reading'], to: 'failed', by: own },
    reread: { label: '按新的列重新判断', from: ['preview'], to: 'reading', by: own },
    apply: {
      label: '登记',
      from: ['preview'],
      to: 'applying',
      by: own,
      unless: ({ counts: { pending } }) => (pending.new + pending.change === 0 ? '没有可以登记的行，请先改好有问题的行' : undefined),
    },
    complete: { label: '全部登记完', from: ['applying'], to: 'done', by: own },
    pause: { label: '登记完，还有行待改', from: ['applying'], to: 'preview', by: own },
    finish: {
      label: '结束',
      from: ['preview'],
      to: 'done',
      by: own,
      confirm: '结束后，剩下的行不再导入；需要时可以重新上传。',
    },
    discard: {
      label: '作废',
      from: ['reading', 'preview'],
      to: 'discarded',
      by: own,
      unless: entered,
      confirm: '作废后什么也不登记，文件和预览仍留在记录里。',
    },
  },
})
export type ImportStep = keyof typeof workflow.steps

export const past: Readonly<Record<ImportStep, string>> = {
  present: 'read',
  settle: 'settled',
  fail: 'failed',
  reread: 'columns-chosen',
  apply: 'confirmed',
  complete: 'applied',
  pause: 'applied',
  finish: 'finished',
  discard: 'discarded',
}

/** Event → words of the timeline. */
export const eventWords: Readonly<Record<string, string>> = {
  started: '上传文件',
  read: '读完，待确认',
  settled: '读完，没有要登记的',
  failed: '读取失败',
  'columns-chosen': '改了列的对应',
  mended: '改了有问题的行',
  confirmed: '确认登记',
  applied: '登记完',
  finished: '结束',
  discarded: '作废',
}
