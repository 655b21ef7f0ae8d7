/** The tables of send-outs. */
import type { Generated } from 'kysely'
import type { SendOut, SendOutItem } from './model.ts'

declare module '../../../platform/db.server.ts' {
  interface Tables {
    send_outs: Omit<SendOut, 'version' | 'assigned'> & { version: Generated<number> }
    send_out_items: SendOutItem & { province: string; send_out_id: string; org_id: string }
  }
}
