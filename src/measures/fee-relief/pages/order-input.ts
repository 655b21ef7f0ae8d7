/** From the order form as it is posted to what is asked for; and back, so that nothing typed is lost. Pure. */
import { orderForm, type OrderForm, type OrderFormLine } from '../../../commons/orders/index.ts'
import { refuse, type Refusal } from '../../../core/refusal.ts'

/** Rows for what is not in the ledger. */
export const typedRows = 3

export interface OrderInput {
  values: Record<string, string>
  ids: string[]
}

export function readInput(form: FormData): OrderInput {
  const values: Record<string, string> = {}
  for (const [name, value] of form) if (typeof value === 'string' && name !== 'ids') values[name] = value.trim()
  return { values, ids: [...new Set(form.getAll('ids').map(String))] }
}

export function toOrderForm({ values, ids }: OrderInput): OrderForm | Refusal {
  const ledger = ids.map((id) => ({
    instrumentId: id,
    service: values[`service-${id}`] || 'calibration',
    ...(values[`item-${id}`] && { itemCode: values[`item-${id}`] }),
  }))
  const typed = Array.from({ length: typedRows }, (_, n) => {
    const field = (name: string) => values[`typed-${n}-${name}`] ?? ''
    if (!field('name')) return []
    return [
      {
        name: field('name'),
        service: field('service') || 'calibration',
        ...Object.fromEntries(['kind', 'use', 'serial', 'able'].flatMap((key) => (field(key) ? [[key, field(key)]] : []))),
        ...(values[`item-typed-${n}`] && { itemCode: values[`item-typed-${n}`] }),
      },
    ]
  }).flat()
  const read = orderForm.safeParse({
    institutionId: values.institutionId ?? '',
    mode: values.mode || 'send-in',
    express: values.express === 'on',
    contact: values.contact ?? '',
    phone: values.phone ?? '',
    wantedOn: values.wantedOn ?? '',
    ...(values.address && { address: values.address }),
    ...(values.note && { note: values.note }),
    lines: [...ledger, ...typed] as OrderFormLine[],
  })
  if (read.success) return read.data
  const fields: Record<string, string> = {}
  for (const { path, message } of read.error.issues) fields[String(path[0])] ??= message
  return refuse('invalid', `有 ${Object.keys(fields).length} 处要改。`, { fields })
}

/** Where a quoted line's choice of item is posted: by instrument, or by typed row. */
export const lineKeys = ({ values, ids }: OrderInput): string[] => [
  ...ids,
  ...Array.from({ length: typedRows }, (_, n) => (values[`typed-${n}-name`] ? [`typed-${n}`] : [])).flat(),
]
