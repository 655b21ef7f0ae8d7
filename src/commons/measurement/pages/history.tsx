/** What was measured on the same instrument before, so that a jump is seen at the bench. */
import { getUnit } from '../../../core/quantities/units.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import type { BenchView } from '../bench.server.ts'

export function History({ rows, unit }: { rows: BenchView['history']; unit: string }) {
  if (rows.length === 0) return null
  return (
    <Disclosure summary={`以往 ${rows.length} 次的误差（${getUnit(unit).symbol}）`}>
      <ul>
        {rows.map(({ on, number, errors }) => (
          <li key={`${on}${number}`}>
            {on} {number}：{errors.map(({ at, errorText, UText }) => `${at} → ${errorText}（U ${UText}）`).join('；')}
          </li>
        ))}
      </ul>
    </Disclosure>
  )
}
