/** What is worth a person's look: firms that belong together, and orders that were split. Pure; a finding decides nothing. */
import { checks, type LinkKind } from './model.ts'

export interface Link {
  orgId: string
  kind: LinkKind
}

export interface FirmUse {
  orgId: string
  name: string
  used: bigint
}

export interface Related {
  firms: readonly (FirmUse & { links: readonly LinkKind[] })[]
  together: bigint
  shareBp: number
}

/** The firm itself with those linked to it that used the same budget; nothing where they are below the share. */
export function relatedUse(own: FirmUse, others: readonly FirmUse[], links: readonly Link[], budget: bigint): Related | undefined {
  const kinds = Map.groupBy(links, ({ orgId }) => orgId)
  const linked = others
    .filter(({ orgId, used }) => used > 0n && orgId !== own.orgId && kinds.has(orgId))
    .map((firm) => ({ ...firm, links: [...new Set(kinds.get(firm.orgId)!.map(({ kind }) => kind))].toSorted() }))
  if (linked.length === 0 || own.used <= 0n || budget <= 0n) return undefined
  const firms = [{ ...own, links: [] as LinkKind[] }, ...linked]
  const together = firms.reduce((sum, { used }) => sum + used, 0n)
  const shareBp = Number((together * 10_000n) / budget)
  return shareBp > checks.relatedShareBp ? { firms, together, shareBp } : undefined
}

export interface OrderUse {
  id: string
  number: string
  acceptedOn: string
  relief: bigint
}

/** Several orders in the window that each stay within the cap of one order and together go beyond it. */
export const splitUse = (orders: readonly OrderUse[], cap: bigint): { together: bigint } | undefined => {
  const together = orders.reduce((sum, { relief }) => sum + relief, 0n)
  return orders.length >= 2 && together > cap ? { together } : undefined
}
