/** Firms that keep a ledger, and a pressure gauge to enter in it: what the tests of instruments begin with. */
import { sql } from 'kysely'
import type { Actor } from '../../core/access.ts'
import { orThrow } from '../../core/test-refusal.ts'
import type { Ctx, Database } from '../../platform/db.server.ts'
import type { Organisation } from '../people/index.ts'
import type { DraftInput } from './draft.ts'
import { registerInstrument } from './register.server.ts'
import './tables.server.ts'

/** What is taken of the stage of people. The test hands it in: it lies behind the door of that folder. */
export interface Seating {
  organisation(name: string, region: string): Promise<Organisation>
  seat(org: Organisation, name: string, duty: 'manager'): Promise<{ actor: Actor }>
  as(actor: Actor): Ctx
}

export interface Firm {
  ctx: Ctx
  actor: Actor
  org: Organisation
}

/** A firm of its own for each story, with somebody who keeps its ledger. */
export const firmsOf = (stage: Seating): (() => Promise<Firm>) => {
  let n = 0
  return async () => {
    const org = await stage.organisation(`厂${++n}`, '330110')
    const { actor } = await stage.seat(org, `计量员${n}`, 'manager')
    return { ctx: stage.as(actor), actor, org }
  }
}

export const gauge: DraftInput = {
  code: 'YL-001',
  name: '压力表',
  maker: '示例·仪表厂',
  model: 'Y-100',
  serial: 'A1001',
  range: '0～1.6 MPa',
  accuracy: '1.6级',
  place: '锅炉房',
  use: '安全防护',
  intervalMonths: '6',
  lastDoneOn: '2026-08-10',
  lastKind: '检定',
  lastConclusion: '合格',
}
export const register = async (ctx: Ctx, input: DraftInput = {}) => orThrow(await registerInstrument(ctx, { ...gauge, ...input }))

/** States whose number of instruments is kept wrong: none, whatever was done before. */
export async function miscounted({ db }: Database): Promise<number> {
  const { rows } = await sql<{ bad: bigint }>`
    select count(*) as bad from (select province, org_id, state, count(*) n from instruments group by 1, 2, 3) a
    full join (select * from ledger_counts where n <> 0) c using (province, org_id, state) where a.n is distinct from c.n`.execute(db)
  return Number(rows[0]!.bad)
}
