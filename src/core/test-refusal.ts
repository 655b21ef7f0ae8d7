/** What tests ask of an answer that may be a refusal. */
import { isRefusal, type Refusal } from './refusal.ts'

/** The answer; a refusal ends the test with its sentence. */
export const orThrow = <T>(answer: T | Refusal): T => {
  if (isRefusal(answer)) throw new Error(`refused: ${answer.reason}`)
  return answer as T
}

/** The refusal that the test expects. */
export const refusalOf = (answer: unknown): Refusal => {
  if (!isRefusal(answer)) throw new Error('not refused')
  return answer
}

/** Which refusal it is, or `done`. */
export const codeOf = (answer: unknown): string => (isRefusal(answer) ? (answer.code ?? answer.kind) : 'done')
