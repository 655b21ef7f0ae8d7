/** The one list of what the platform consists of; a measure is added or removed here and in `routes.ts`. */
import type { Actor } from '../core/access.ts'
import * as accounts from '../commons/accounts/index.server.ts'
import * as certificates from '../commons/certificates/index.server.ts'
import * as instruments from '../commons/instruments/index.server.ts'
import * as measurement from '../commons/measurement/index.server.ts'
import * as matching from '../commons/matching/index.server.ts'
import * as messages from '../commons/messages/index.server.ts'
import * as orders from '../commons/orders/index.server.ts'
import * as people from '../commons/people/index.server.ts'
import * as policies from '../commons/policies/index.server.ts'
import * as feeRelief from '../measures/fee-relief/index.server.ts'
import * as policyPush from '../measures/policy-push/index.server.ts'
import type { Operation } from '../platform/api.server.ts'
import type { Ctx } from '../platform/db.server.ts'
import type { Listener, Schedule } from '../platform/jobs.server.ts'
import * as once from '../platform/once.server.ts'
import * as statistics from '../platform/statistics.server.ts'
import type { DeskCard, DeskItem, MenuItem } from '../web/shell.ts'

export const version = '0.1.0'

/** What a folder may contribute; missing parts mean missing behaviour. */
interface Part {
  operations?: readonly Operation[]
  listeners?: readonly Listener[]
  schedules?: readonly Schedule[]
  desk?: (ctx: Ctx) => Promise<DeskItem[]>
  /** Absent when there is nothing to tell. */
  card?: (ctx: Ctx) => Promise<DeskCard | undefined>
  menu?: (actor: Actor) => MenuItem[]
}

const parts: readonly Part[] = [
  // First, so that whoever matches next finds the rows of what has just changed.
  { listeners: matching.listeners },
  instruments,
  orders,
  accounts,
  measurement,
  certificates,
  feeRelief,
  policyPush,
  policies,
  people,
  messages,
  { schedules: [...once.schedules, ...statistics.schedules] },
]

export const operations: readonly Operation[] = parts.flatMap((part) => part.operations ?? [])
export const listeners: readonly Listener[] = parts.flatMap((part) => part.listeners ?? [])
export const schedules: readonly Schedule[] = parts.flatMap((part) => part.schedules ?? [])
export const menu = (actor: Actor): MenuItem[] => parts.flatMap((part) => part.menu?.(actor) ?? [])

/** What waits for this person, oldest promise first. */
export const desk = async (ctx: Ctx): Promise<DeskItem[]> => {
  const items = (await Promise.all(parts.map((part) => part.desk?.(ctx) ?? []))).flat()
  return items.sort((a, b) => (a.dueOn ?? '9999').localeCompare(b.dueOn ?? '9999') || a.since.localeCompare(b.since))
}

export const cards = async (ctx: Ctx): Promise<DeskCard[]> =>
  (await Promise.all(parts.map((part) => part.card?.(ctx)))).filter((card) => card !== undefined)
