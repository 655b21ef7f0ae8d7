/** Counts of an import in words. Pure. */
import type { Import } from './model.ts'

/** `登记、更新 2,959 件，41 行有问题`; what there is none of is left out. */
export function sayCounts({
  state,
  counts,
  applied,
  rows_read,
  problem,
}: Pick<Import, 'state' | 'counts' | 'applied' | 'rows_read' | 'problem'>): string {
  if (state === 'reading') return `已读 ${rows_read} 行`
  if (state === 'failed') return problem ?? '文件读不了'
  const ready = counts.pending.new + counts.pending.change
  const parts = [
    applied > 0 && `已登记、更新 ${applied} 件`,
    ready > 0 && state !== 'discarded' && state !== 'done' && `${ready} 件可以登记`,
    counts.same > 0 && `${counts.same} 件没有变化`,
    counts.bad > 0 && `${counts.bad} 行有问题`,
    counts.skip > 0 && `${counts.skip} 行不导入`,
  ].filter(Boolean)
  return parts.join('，') || '没有要登记的'
}

/** `登记 2959 件，更新 3 件`: what a confirmation does. */
export const sayApply = ({ pending }: Import['counts']): string =>
  [pending.new > 0 && `登记 ${pending.new} 件`, pending.change > 0 && `更新 ${pending.change} 件`].filter(Boolean).join('，') || '登记'
