/** What a new policy or a new fact changed for one enterprise, and whether that is worth a message. Silence is the rule: nothing changed, nothing sent. */
import type { ResultKind } from '../../commons/policies/index.ts'
import type { MatchResult } from './model.ts'

export interface Standing {
  policyId: string
  versionId: string
  result: MatchResult
  force: ResultKind
}

export interface Change {
  policyId: string
  before?: Standing
  after?: Standing
}

/** Every policy whose row has to be written or removed; the result may be the same under a new version. */
export function changesBetween(before: readonly Standing[], after: readonly Standing[]): Change[] {
  const was = new Map(before.map((s) => [s.policyId, s]))
  const is = new Map(after.map((s) => [s.policyId, s]))
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((policyId) => {
    const change: Change = {
      policyId,
      ...(was.has(policyId) && { before: was.get(policyId)! }),
      ...(is.has(policyId) && { after: is.get(policyId)! }),
    }
    return isSame(change) ? [] : [change]
  })
}

const isSame = ({ before, after }: Change): boolean =>
  before?.result === after?.result && before?.versionId === after?.versionId && before?.force === after?.force

/** Changed to 符合 or 待补充. */
export const isGain = ({ before, after }: Change): boolean => after !== undefined && after.result !== before?.result

/** Had been 符合 and is no more; the loss of a 待补充 takes nothing from anybody. */
export const isLoss = ({ before, after }: Change): boolean => before?.result === 'eligible' && after === undefined

/** `dismissed`: version ids that the enterprise put aside; a new version is offered anew. */
export function worthTelling(changes: readonly Change[], dismissed: ReadonlySet<string>): { gains: Change[]; losses: Change[] } {
  return {
    gains: changes.filter((c) => isGain(c) && !dismissed.has(c.after!.versionId)),
    losses: changes.filter((c) => isLoss(c) && !dismissed.has(c.before!.versionId)),
  }
}
