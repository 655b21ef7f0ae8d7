/** The buttons that change the shape of the editor's form: add, remove, move. Pure; the page posts, the server answers with the new form. */
import type { BenefitForm, ContentForm } from './content-form.ts'
import { isGroup } from './conditions.ts'
import { withIds } from './read-content.ts'
import { blankNode, type NodeForm } from './rule-form.ts'

/** `add:rule.0`: what to do, and where. */
export const edits = ['add', 'group', 'remove', 'up', 'down', 'own-rule'] as const
export type Edit = (typeof edits)[number]

/** The form after the button; unchanged where the button names nothing that is there. */
export function applyEdit(form: ContentForm, button: string): ContentForm {
  const [edit = '', path = ''] = button.split(':')
  if (!(edits as readonly string[]).includes(edit)) return form
  const [field, index, ...rest] = path.split('.')
  if (field === 'rule') return { ...form, rule: editRule(form.rule, edit as Edit, path.split('.').slice(1)) ?? blankNode('all') }
  if (field === 'benefits' && index !== undefined && (rest[0] === 'rule' || edit === 'own-rule'))
    return {
      ...form,
      benefits: form.benefits.map((benefit, i) =>
        i === Number(index) ? { ...benefit, rule: editOwnRule(benefit, edit as Edit, rest.slice(1)) } : benefit,
      ),
    }
  if (field === 'clauses')
    return { ...form, clauses: withIds(editList(form.clauses, edit as Edit, index, { id: '', article: '', text: '', quoted: 'on' })) }
  if (field === 'questions') return { ...form, questions: editList(form.questions, edit as Edit, index, { q: '', a: '' }) }
  if (field === 'benefits') return { ...form, benefits: editList(form.benefits, edit as Edit, index, blankBenefit) }
  return form
}

const blankBenefit: BenefitForm = {
  kind: '',
  appliesTo: '',
  detail: '',
  rate: '',
  cap: '',
  capPer: '',
  promisedDays: '',
  statutoryDays: '',
  deferDays: '',
  extendMonths: '',
  src: '',
  rule: undefined,
}

function editList<T>(list: readonly T[], edit: Edit, index: string | undefined, blank: T): T[] {
  if (edit === 'add') return [...list, blank]
  const at = index !== undefined && /^\d+$/.test(index) ? Number(index) : -1
  if (at < 0 || at >= list.length) return [...list]
  if (edit === 'remove') return list.filter((_, i) => i !== at)
  const to = edit === 'up' ? at - 1 : edit === 'down' ? at + 1 : at
  return to < 0 || to >= list.length ? [...list] : swap(list, at, to)
}

const swap = <T>(list: readonly T[], a: number, b: number): T[] => list.map((item, i) => (i === a ? list[b]! : i === b ? list[a]! : item))

const editOwnRule = ({ rule }: BenefitForm, edit: Edit, path: readonly string[]): NodeForm | undefined =>
  edit === 'own-rule' ? (rule ?? { ...blankNode('all'), of: [blankNode()] }) : rule && editRule(rule, edit, path)

/** Undefined: the node itself has been removed. */
function editRule(node: NodeForm, edit: Edit, path: readonly string[]): NodeForm | undefined {
  const [first, ...rest] = path
  if (first === undefined)
    return edit === 'remove'
      ? undefined
      : edit === 'add'
        ? grown(node, blankNode())
        : edit === 'group'
          ? grown(node, { ...blankNode('all'), of: [blankNode()] })
          : node
  if (rest.length === 0 && (edit === 'up' || edit === 'down' || edit === 'remove'))
    return { ...node, of: editList(node.of, edit, first, blankNode()) }
  return { ...node, of: node.of.map((part, i) => (i === Number(first) ? (editRule(part, edit, rest) ?? part) : part)) }
}

/** One more part; a single condition becomes the first of a group. */
const grown = (node: NodeForm, part: NodeForm): NodeForm =>
  isGroup(node.what) ? { ...node, of: [...node.of, part] } : { ...blankNode('all'), of: [...(node.what ? [node] : []), part] }
