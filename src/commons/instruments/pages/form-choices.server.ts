/** What the form of an instrument offers while one types: words of this ledger, kinds of the catalogue, kinds of one's own. */
import { instrumentKinds } from '../../../core/instrument-kinds.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { fieldLabels } from '../draft.ts'
import { ownKinds } from '../own-kinds.server.ts'
import { choicesOf } from '../queries.server.ts'
import type { FormChoices } from './instrument-form.tsx'

export const catalogueKinds = instrumentKinds.map(({ name, aliases }) => ({
  name,
  ...(aliases.length > 0 && { said: aliases.join('、') }),
}))

export async function formChoices(ctx: Ctx): Promise<FormChoices> {
  const [words, own] = await Promise.all([choicesOf(ctx), ownKinds(ctx)])
  return { ...words, kinds: [...own.map(({ name }) => ({ name, said: '本单位的种类' })), ...catalogueKinds], labels: fieldLabels }
}
