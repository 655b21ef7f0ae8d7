/** What the forms of an import's page post. */
import { redirect } from 'react-router'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { sheetFields, type SheetField } from '../import/columns.ts'
import { chooseColumns, ownSteps, repeatImport, takeImportStep } from '../import/commands.server.ts'
import { mendRows, type Mending } from '../import/mending.server.ts'
import { findImport } from '../import/queries.server.ts'
import { changedMendings } from '../import/view.server.ts'

/** Does what was asked; where to go then, or why not. */
export async function takeAction(ctx: Ctx, id: string, form: FormData): Promise<Response | Refusal> {
  const text = (name: string) => String(form.get(name) ?? '')
  const here = `/me/instruments/imports/${id}`
  const version = Number(text('version'))
  const step = ownSteps.find((each) => each === text('step'))
  if (step) return orGo(await takeImportStep(ctx, id, step, version), here)
  switch (text('intent')) {
    case 'columns': {
      const fields: string[] = []
      for (const [name, value] of form) if (/^column-\d{1,3}$/.test(name)) fields[Number(name.slice(7))] = String(value)
      return orGo(await chooseColumns(ctx, id, { headerRow: Number(text('headerRow')), fields, version }), here)
    }
    case 'repeat': {
      const again = await repeatImport(ctx, id)
      return isRefusal(again) ? again : redirect(`/me/instruments/imports/${again.id}`)
    }
    case 'mend':
      return mend(ctx, id, readMendings(form), `${here}?tab=bad`)
    case 'take-in':
      return mend(
        ctx,
        id,
        form.getAll('row').map((row) => ({ row: Number(row), texts: {}, aside: false })),
        `${here}?tab=skip`,
      )
    default:
      return refuse('invalid', '不知道要办什么，请从页面上的按钮提交。')
  }
}

const orGo = (answer: unknown, to: string): Response | Refusal => (isRefusal(answer) ? answer : redirect(to))

/** `r12.range` is the range of row 12; `aside` names the rows that are not to be entered. */
export function readMendings(form: FormData): Mending[] {
  const rows = new Map<number, Mending>()
  const at = (row: number) => rows.get(row) ?? rows.set(row, { row, texts: {} }).get(row)!
  for (const [name, value] of form) {
    const [, row, field] = /^r(\d{1,7})\.(\w+)$/.exec(name) ?? []
    if (row && (sheetFields as readonly string[]).includes(field!))
      at(Number(row)).texts[field as SheetField] = String(value).trim().slice(0, 2000)
    if (name === 'aside' && /^\d{1,7}$/.test(String(value))) at(Number(value)).aside = true
  }
  return [...rows.values()]
}

async function mend(ctx: Ctx, id: string, mendings: readonly Mending[], to: string): Promise<Response | Refusal> {
  const row = await findImport(ctx, id)
  if (!row) return refuse('missing', '没有这次导入，或不归您管。')
  const changed = await changedMendings(ctx, row, mendings)
  if (changed.length === 0) return refuse('invalid', '没有改动：请在格子里改好，或勾选“不导入这一行”，再保存。')
  const counts = await mendRows(ctx, id, changed)
  return isRefusal(counts) ? counts : redirect(`${to}&mended=${changed.length}`)
}
