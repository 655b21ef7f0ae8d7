/** A fault report as it comes from a form. */
import { isRefusal, type Refusal } from '../../../core/refusal.ts'
import { fileIn, readForm } from '../../files/index.server.ts'
import { faultPhoto } from '../faults/model.ts'
import type { Photo } from '../faults/report.server.ts'
import { read, reportForm, type ReportForm } from '../faults/schema.ts'

export interface ReadReport {
  values: Record<string, string>
  report: { form: ReportForm; photo: Photo | undefined } | Refusal
}

/** What was typed, for showing it again, and what it says or why not. */
export async function readReport(request: Request): Promise<ReadReport> {
  const form = await readForm(request, faultPhoto.bytes)
  if (isRefusal(form)) return { values: {}, report: form }
  const values = Object.fromEntries([...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  const input = read(reportForm, values)
  if (isRefusal(input)) return { values, report: input }
  const file = fileIn(form, 'file')
  return { values, report: { form: input, photo: file && { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) } } }
}
