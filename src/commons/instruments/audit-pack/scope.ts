/** The scope of a pack in words, for its first page. Pure. */
import { findKind, kindName } from '../../../core/instrument-kinds.ts'
import { formatRange } from '../../../core/quantities/quantity.ts'
import { instrumentStates } from '../model.ts'
import { registerStages, type RegisterAsked } from '../register-query.ts'

const mandatory = { yes: '强制检定', no: '非强制检定', unknown: '强制检定待判定' } as const

/** `全部在册器具`, or what narrows it: `在册器具（地点：一车间；保管人：示例·张师傅）`. */
export function sayScope(asked: RegisterAsked): string {
  const whole =
    asked.state === undefined ? '台账上的器具' : asked.state === 'held' ? '在册器具' : `状态为“${instrumentStates[asked.state]}”的器具`
  const narrowed = [
    asked.ids && `勾选的 ${asked.ids.length} 件`,
    asked.place && `地点：${asked.place}`,
    // An own kind is an id here; its name stands in the register.
    asked.kind && (findKind(asked.kind) ? `种类：${kindName(asked.kind)}` : '一个自定种类'),
    asked.mandatory && mandatory[asked.mandatory],
    asked.stage && registerStages[asked.stage],
    asked.institution && `机构：${asked.institution}`,
    asked.keeper && `保管人：${asked.keeper}`,
    asked.range && `测量范围含 ${formatRange(asked.range)}`,
    asked.q && `关键词：${asked.q}`,
  ].filter((text) => text)
  return narrowed.length === 0 ? `全部${whole}` : `${whole}（${narrowed.join('；')}）`
}
