/** The Chinese of a form's rules beside their fields: what a condition says as soon as it can be read. */
import { sayRule } from '../../../core/eligibility/sentence.ts'
import type { Clause } from '../model.ts'
import { namesFor } from '../names.ts'
import type { ContentForm } from './content-form.ts'
import { isGroup } from './conditions.ts'
import type { Picks } from './picks.ts'
import { fromNode, type NodeForm, type Problems } from './rule-form.ts'

/** Path of a node (`rule.0`, `benefits.1.rule`) → its sentence with the clause; a node that is not filled in is not in it. */
export type Sayings = Record<string, string>

export function sayForm(form: ContentForm, picks: Picks, events: readonly { id: string; name: string }[]): Sayings {
  const clauses: Clause[] = form.clauses.map(({ id, article, text }) => ({ id, article: article || null, text, quoted: true }))
  const names = namesFor(clauses, events)
  const sayings: Sayings = {}
  const visit = (node: NodeForm, path: string): void => {
    const problems: Problems = {}
    const rule = fromNode(node, path, picks, problems)
    if (Object.keys(problems).length === 0) {
      const article = node.src === '' ? undefined : names.article?.(node.src)
      sayings[path] = sayRule(rule, names) + (article && !isGroup(node.what) ? `（依据 ${article}）` : '')
    }
    node.of.forEach((part, i) => visit(part, `${path}.${i}`))
  }
  visit(form.rule, 'rule')
  form.benefits.forEach(({ rule }, i) => rule && visit(rule, `benefits.${i}.rule`))
  return sayings
}
