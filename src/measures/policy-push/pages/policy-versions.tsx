/** The versions that a policy has had, newest first. */
import { states, type Version } from '../../../commons/policies/index.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { When } from '../../../web/ui/marks.tsx'

export const historyOf = ({ id, number, state, publishedAt, endedAt, opinion }: Version) => ({
  id,
  number,
  state: states[state],
  publishedAt,
  endedAt,
  opinion,
})

export function Versions({ versions }: { versions: readonly ReturnType<typeof historyOf>[] }) {
  return (
    <Disclosure summary={`各版本（${versions.length}）`}>
      <ul>
        {versions.map((each) => (
          <li key={each.id}>
            第 {each.number} 版，{each.state}
            {each.publishedAt && (
              <>
                ，<When at={each.publishedAt} /> 发布
              </>
            )}
            {each.endedAt && (
              <>
                ，<When at={each.endedAt} /> 止
              </>
            )}
          </li>
        ))}
      </ul>
    </Disclosure>
  )
}
