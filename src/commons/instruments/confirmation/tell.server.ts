/** What is said of a confirmation. */
import type { Ctx } from '../../../platform/db.server.ts'
import { announce } from '../../../platform/events.server.ts'
import type { LockedRow } from '../change.server.ts'
import { workflow } from './workflow.ts'

export const tellConfirmation = (tx: Ctx, row: LockedRow, id: string, action: string, detail: Record<string, unknown> = {}) =>
  announce(tx, {
    subject: workflow.name,
    subjectId: id,
    action,
    province: row.province,
    region: row.region,
    orgId: row.org_id,
    title: `${row.code} ${row.name}`,
    detail: { instrumentId: row.id, ...detail },
  })
