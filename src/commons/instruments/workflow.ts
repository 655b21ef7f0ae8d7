/** The whole life of an instrument. Nothing leaves the register: scrapped and lost ones stay on record. */
import type { Actor, Grant, Protected } from '../../core/access.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { defineWorkflow } from '../../core/workflow.ts'
import { instrumentStates, type CheckKind, type Conclusion, type Confirmation, type InstrumentState } from './model.ts'

/** What the steps read of an instrument. `sent_on`: the day it last went out, for what came back with it. */
export interface Life extends Protected {
  state: InstrumentState
  mandatory: 'yes' | 'no' | 'unknown'
  valid_until: string | null
  last_done_on: string | null
  last_kind: CheckKind | null
  last_conclusion: Conclusion | null
  last_confirmation: Confirmation | null
  sent_on?: string | null
}

/** The enterprise keeps its own ledger; authorities read what is in their region. */
export const readers = ['enterprise:own', 'regulator:region', 'admin:any'] as const satisfies readonly Grant[]

const own = ['enterprise:own'] as const satisfies readonly Grant[]

/** 《计量法》第九条: without verification, after its term or having failed it, a mandatory instrument may not be used. */
const unusable = (row: Life, today: string): string | undefined => {
  if (row.last_conclusion === 'fail') return '最近一次结论为不合格，不得使用（《计量法》第九条）；请修理后重新检定、校准，再录入结果'
  if (row.last_confirmation === 'unfit') return '最近一次计量确认为不满足使用要求，请修理、调整后重新校准'
  if (row.mandatory === 'yes' && !row.valid_until)
    return '强制检定器具还没有检定记录，未经检定不得使用（《计量法》第九条）；请先录入检定证书'
  if (row.mandatory === 'yes' && row.valid_until! < today)
    return `强制检定已于 ${row.valid_until} 到期，超过检定周期不得使用（《计量法》第九条）；请先送检`
  return undefined
}

const mayBeUsed = (row: Life, _: Actor, now: string) => unusable(row, shanghaiDate(now))

/** What came back needs its result first; a calibration does not decide by itself (JJF 1071: 校准不判定合格与否). */
const confirmable = (row: Life, _: Actor, now: string): string | undefined => {
  if (row.sent_on && (!row.last_done_on || row.last_done_on < row.sent_on)) return '还没有录入这次检定、校准的结果，请先录入证书'
  if (row.last_kind === 'calibration' && !row.last_confirmation) return '校准证书只给数据、不判定合格，请先作计量确认（GB/T 19022）'
  if (row.last_confirmation === 'limited') return '计量确认的结论是限用，请选“限用”并写明可用的范围'
  return unusable(row, shanghaiDate(now))
}

export const workflow = defineWorkflow<Life>()({
  name: 'instrument',
  title: '计量器具',
  states: instrumentStates,
  start: 'stored',
  steps: {
    'put-in-use': {
      label: '启用',
      from: ['stored', 'stopped', 'sealed', 'limited'],
      to: 'in-use',
      by: own,
      unless: mayBeUsed,
      opinion: 'optional',
    },
    store: { label: '转为备用', from: ['in-use', 'limited'], to: 'stored', by: own, opinion: 'optional' },
    send: {
      label: '送检',
      from: ['in-use', 'limited', 'stored', 'stopped', 'sealed', 'returned'],
      to: 'sent',
      by: own,
      opinion: 'optional',
    },
    'take-back': { label: '取回', from: ['sent'], to: 'returned', by: own, opinion: 'optional' },
    confirm: { label: '确认可用', from: ['returned'], to: 'in-use', by: own, unless: confirmable, opinion: 'optional' },
    limit: {
      label: '限用',
      from: ['in-use', 'returned', 'stopped', 'stored'],
      to: 'limited',
      by: own,
      unless: (row, _, now) => (row.last_confirmation === 'limited' ? undefined : unusable(row, shanghaiDate(now))),
      opinion: 'required',
    },
    stop: { label: '停用', from: ['in-use', 'limited', 'returned', 'stored'], to: 'stopped', by: own, opinion: 'required' },
    seal: { label: '封存', from: ['stored', 'in-use', 'limited', 'stopped', 'returned'], to: 'sealed', by: own, opinion: 'optional' },
    scrap: {
      label: '报废',
      from: ['stored', 'in-use', 'limited', 'stopped', 'sealed', 'returned'],
      to: 'scrapped',
      by: own,
      opinion: 'required',
      confirm: '报废后不再提醒、不能再用，记录仍然保留。',
    },
    lose: {
      label: '登记丢失',
      from: ['stored', 'in-use', 'limited', 'stopped', 'sealed', 'returned', 'sent'],
      to: 'lost',
      by: own,
      opinion: 'required',
      confirm: '登记丢失后不再提醒，找到后可以恢复。',
    },
    find: { label: '找回', from: ['lost'], to: 'stopped', by: own, opinion: 'optional' },
    reinstate: { label: '撤销报废', from: ['scrapped'], to: 'stopped', by: own, opinion: 'required' },
  },
})
export type InstrumentStep = keyof typeof workflow.steps

/** Past tense for the events of each step. */
export const past: Record<InstrumentStep, string> = {
  'put-in-use': 'put-in-use',
  store: 'stored',
  send: 'sent',
  'take-back': 'taken-back',
  confirm: 'confirmed',
  limit: 'limited',
  stop: 'stopped',
  seal: 'sealed',
  scrap: 'scrapped',
  lose: 'lost',
  find: 'found',
  reinstate: 'reinstated',
}

/** Event → words of the timeline. */
export const eventWords: Record<string, string> = {
  registered: '登记入账',
  imported: '导入入账',
  changed: '修改信息',
  'check-recorded': '录入检定、校准结果',
  'check-voided': '作废一条结果',
  'certificate-attached': '上传证书文件',
  'mandatory-confirmed': '确认是否强制检定',
  'interval-set': '调整间隔',
  'confirmation-signed': '计量确认签字',
  'label-renewed': '更换标签',
  'fault-reported': '报告故障',
  'put-in-use': '启用',
  stored: '转为备用',
  sent: '送检',
  'taken-back': '取回',
  confirmed: '确认可用',
  limited: '限用',
  stopped: '停用',
  sealed: '封存',
  scrapped: '报废',
  lost: '登记丢失',
  found: '找回',
  reinstated: '撤销报废',
}
