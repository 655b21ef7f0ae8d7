/**
 * Rules as numbers between threads: a rule is sent once, so that a shard has the same object each time it is asked and what it planned for it
 * is not planned again. Rules must not be changed after they were asked, as everywhere here.
 */
import type { Rule } from '../core/eligibility/rule.ts'

/** Rules of one request. Every shard hears every request in the same order, so all know the same numbers. */
export interface Named {
  asked: readonly number[]
  /** Rules that come for the first time, with their numbers. */
  fresh: readonly (readonly [number, Rule])[]
  /** Numbers of rules that nobody holds any more. */
  gone: readonly number[]
}

/** The side that asks. */
export class RuleNames {
  readonly #numbers = new WeakMap<Rule, number>()
  readonly #left = new FinalizationRegistry<number>((number) => void this.#gone.push(number))
  #gone: number[] = []
  #next = 0

  name(rules: readonly Rule[]): Named {
    const fresh: [number, Rule][] = []
    const asked = rules.map((rule) => {
      const known = this.#numbers.get(rule)
      if (known !== undefined) return known
      const number = this.#next++
      this.#numbers.set(rule, number)
      this.#left.register(rule, number)
      fresh.push([number, rule])
      return number
    })
    return { asked, fresh, gone: this.#gone.splice(0) }
  }
}

/** The side that is asked. */
export class KnownRules {
  readonly #rules = new Map<number, Rule>()

  get size(): number {
    return this.#rules.size
  }

  of({ asked, fresh, gone }: Named): Rule[] {
    for (const number of gone) this.#rules.delete(number)
    for (const [number, rule] of fresh) this.#rules.set(number, rule)
    return asked.map((number) => this.#rules.get(number)!)
  }
}
