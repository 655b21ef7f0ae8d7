/** What may be corrected by hand in a certificate: whose it is and which instrument. Measured data come from a new record only. */
import type { CertificateContent, CertificateDraft } from './content.ts'

const words = {
  'client.name': '单位名称',
  'client.address': '单位地址',
  'item.name': '器具名称',
  'item.maker': '制造单位',
  'item.model': '型号规格',
  'item.serial': '出厂编号',
  'item.code': '器具编号',
} as const
type Field = keyof typeof words
const required = new Set<Field>(['client.name', 'item.name'])

const read = (content: CertificateContent, field: Field): string => {
  const [part, key] = field.split('.') as ['client' | 'item', string]
  return (content[part] as unknown as Record<string, string | undefined>)[key] ?? ''
}

export const correctedFields = (content: CertificateContent) =>
  (Object.entries(words) as [Field, string][]).map(([name, label]) => ({
    name,
    label,
    value: read(content, name),
    required: required.has(name),
  }))

/** The draft of a certificate with these texts in it, to be signed by `approver`. An empty optional text is left out. */
export function correctedDraft(content: CertificateContent, values: Readonly<Record<string, string>>, approver: string): CertificateDraft {
  const { number: _number, demo: _demo, replaces: _replaces, dates, ...rest } = content
  const { issued: _issued, ...kept } = dates
  const parts: Record<'client' | 'item', Record<string, string>> = {
    client: { ...rest.client },
    item: { ...rest.item } as Record<string, string>,
  }
  for (const field of Object.keys(words) as Field[]) {
    const [part, key] = field.split('.') as ['client' | 'item', string]
    const value = (values[field] ?? read(content, field)).trim()
    if (value || required.has(field)) parts[part][key] = value
    else delete parts[part][key]
  }
  return { ...rest, dates: kept, client: parts.client as never, item: parts.item as never, people: { ...rest.people, approver } }
}
