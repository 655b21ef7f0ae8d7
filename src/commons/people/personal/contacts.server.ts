/** Consent decides at the moment of asking: nothing is copied, so that a withdrawal takes effect at once. */
import type { Ctx } from '../../../platform/db.server.ts'
import type { Contact, Purpose } from './model.ts'
import { openContact } from './tables.server.ts'

/** Whether this person agrees to this purpose now. */
export async function consentOf({ db }: Pick<Ctx, 'db'>, personId: string, purpose: Purpose): Promise<boolean> {
  const row = await db
    .selectFrom('consents')
    .innerJoin('persons', 'persons.id', 'consents.person_id')
    .select('given')
    .where('person_id', '=', personId)
    .where('purpose', '=', purpose)
    .where('erased_at', 'is', null)
    .executeTakeFirst()
  return row?.given ?? false
}

/** The telephone numbers and addresses of those of these persons who agree to it. The caller has found that the reader is one of those named in the wording. */
export async function contactsOf({ db }: Pick<Ctx, 'db'>, personIds: readonly string[], purpose: Purpose): Promise<Map<string, Contact>> {
  if (personIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('persons')
    .innerJoin('consents', 'consents.person_id', 'persons.id')
    .select(['persons.id', 'phone', 'email'])
    .where('persons.id', 'in', [...new Set(personIds)])
    .where('purpose', '=', purpose)
    .where('given', '=', true)
    .where('erased_at', 'is', null)
    .execute()
  return new Map(rows.map((row) => [row.id, openContact(row)]))
}
