/** The forms of own kinds and of the settings, read or refused. */
import { findKindByName } from '../../../core/instrument-kinds.ts'
import { refuse, type Refusal } from '../../../core/refusal.ts'
import { lengths } from '../model.ts'

type Texts = Readonly<Record<string, string | undefined>>

const wrong = (field: string, reason: string): Refusal => refuse('invalid', `${reason}。`, { fields: { [field]: reason } })

/** A whole number within bounds, both included; undefined when it is not one. */
function whole(text: string, least: number, most: number): number | undefined {
  const plain = text.normalize('NFKC').trim()
  const number = /^\d{1,6}$/.test(plain) ? Number(plain) : Number.NaN
  return number >= least && number <= most ? number : undefined
}

export interface KindInput {
  id?: string
  name: string
  parent?: string
  intervalMonths?: number
  version?: number
}

export function readKindForm(texts: Texts): KindInput | Refusal {
  const name = (texts.name ?? '').trim()
  if (name === '') return wrong('name', '请填写种类名称')
  if (name.length > lengths.name) return wrong('name', `种类名称最多 ${lengths.name} 个字`)
  if (findKindByName(name)) return wrong('name', `目录里已经有“${name}”，登记器具时直接写它就行`)
  const parentText = (texts.parent ?? '').trim()
  const parent = parentText === '' ? undefined : findKindByName(parentText)?.code
  if (parentText !== '' && !parent) return wrong('parent', `目录里没有“${parentText}”，请从提示里选，没有相近的就不填`)
  const monthsText = (texts.months ?? '').trim()
  const intervalMonths = monthsText === '' ? undefined : whole(monthsText, 1, 120)
  if (monthsText !== '' && !intervalMonths) return wrong('months', '周期请填 1 到 120 之间的整数月')
  return {
    name,
    ...(parent && { parent }),
    ...(intervalMonths && { intervalMonths }),
    ...(texts.id && { id: texts.id, version: Number(texts.version) }),
  }
}

export function readSettings(texts: Texts): { turnaroundWorkdays: number; reminders: boolean } | Refusal {
  const turnaroundWorkdays = whole(texts.turnaround ?? '', 1, 120)
  if (!turnaroundWorkdays) return wrong('turnaround', '请填 1 到 120 之间的整数个工作日')
  return { turnaroundWorkdays, reminders: texts.reminders === 'on' }
}
