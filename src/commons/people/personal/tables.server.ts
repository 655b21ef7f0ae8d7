/** The table of consents, and the columns of a person that are sealed. */
import { seal, unseal } from '../../../platform/sealed.server.ts'
import type { PersonRow } from '../tables.server.ts'
import type { Contact, Purpose } from './model.ts'

declare module '../../../platform/db.server.ts' {
  interface Tables {
    consents: { person_id: string; purpose: Purpose; given: boolean; wording: string; changed_at: string }
  }
}

const about = (personId: string, column: keyof Contact) => `person:${personId}:${column}`

export const sealContact = (personId: string, column: keyof Contact, text: string | null): string | null =>
  text === null ? null : seal(text, about(personId, column))

/** What cannot be opened (another SECRET) is as good as gone, and the person may enter it again. */
export function openContact({ id, phone, email }: Pick<PersonRow, 'id' | 'phone' | 'email'>): Contact {
  const opened = { phone: phone && unseal(phone, about(id, 'phone')), email: email && unseal(email, about(id, 'email')) }
  return { ...(opened.phone && { phone: opened.phone }), ...(opened.email && { email: opened.email }) }
}
