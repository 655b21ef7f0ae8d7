/**
 * What readers of a policy are told about its budget: 额度将尽, 额度已用完. Only the mark stands here; the money is measure 二's.
 * So measure 一 shows it without knowing measure 二.
 */
import { sql } from 'kysely'
import { regionPrefix } from '../../core/eligibility/codes.ts'
import type { Ctx } from '../../platform/db.server.ts'
import type { BudgetMark } from './model.ts'
import { raiseEdition } from './snapshot.server.ts'

declare module '../../platform/db.server.ts' {
  interface Tables {
    policy_budget_marks: {
      province: string
      id: string
      policy_id: string
      region: string
      starts_on: string
      ends_on: string
      mark: BudgetMark
    }
  }
}

export interface MarkedBudget {
  province: string
  id: string
  policyId: string
  region: string
  startsOn: string
  endsOn: string
  mark: BudgetMark
}

/** Makes the marks those given, and the public pages new where anything changed. In the caller's transaction. */
export async function keepBudgetMarks(tx: Ctx, wanted: readonly MarkedBudget[]): Promise<boolean> {
  const sign = (row: MarkedBudget) => [row.province, row.id, row.region, row.startsOn, row.endsOn, row.mark].join('|')
  const kept = await tx.db.selectFrom('policy_budget_marks').selectAll().execute()
  const now = new Set(kept.map((row) => sign({ ...row, policyId: row.policy_id, startsOn: row.starts_on, endsOn: row.ends_on })))
  if (now.size === wanted.length && wanted.every((row) => now.has(sign(row)))) return false
  await tx.db.deleteFrom('policy_budget_marks').execute()
  if (wanted.length > 0)
    await tx.db
      .insertInto('policy_budget_marks')
      .values(
        wanted.map(({ province, id, policyId, region, startsOn, endsOn, mark }) => ({
          province,
          id,
          policy_id: policyId,
          region,
          starts_on: startsOn,
          ends_on: endsOn,
          mark,
        })),
      )
      .execute()
  await raiseEdition(tx)
  return true
}

/** The mark of each policy, by slug, for a place (the stricter of several budgets) on a day; without a place, each with its region. */
export async function budgetMarks(
  { db }: Pick<Ctx, 'db'>,
  { on, slug }: { on: string; slug?: string },
): Promise<{ slug: string; region: string; mark: BudgetMark }[]> {
  return db
    .selectFrom('policy_budget_marks as m')
    .innerJoin('policies as p', 'p.id', 'm.policy_id')
    .select(['p.slug', 'm.region', 'm.mark'])
    .where(sql<boolean>`${on}::date between m.starts_on and m.ends_on`)
    .$if(slug !== undefined, (qb) => qb.where('p.slug', '=', slug!))
    .orderBy('m.region')
    .execute()
}

/** Of several marks the one that holds for a place: used up before near. */
export function markFor(marks: readonly { slug: string; region: string; mark: BudgetMark }[], slug: string, region: string) {
  const own = marks.filter((each) => each.slug === slug && region.startsWith(regionPrefix(each.region)))
  return own.find(({ mark }) => mark === 'used')?.mark ?? own[0]?.mark
}
