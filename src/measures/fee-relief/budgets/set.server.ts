/** Setting a budget: one person proposes with the legal basis, another decides; every change tells what was and what is. */
import { sql } from 'kysely'
import { findPolicy } from '../../../commons/policies/index.server.ts'
import { isUuid } from '../../../commons/people/index.ts'
import { isIsoDate } from '../../../core/eligibility/calendar-day.ts'
import { regionPrefix } from '../../../core/eligibility/codes.ts'
import { fen, formatYuan } from '../../../core/money.ts'
import { findRegion, provinceOf } from '../../../core/regions.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { advance } from '../../../core/workflow.ts'
import { visible } from '../../../platform/access.server.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { announce } from '../../../platform/events.server.ts'
import { uuidv7 } from '../../../platform/ids.ts'
import type { Budget, BudgetChange } from './model.ts'
import { budgetReaders, changeWorkflow, governs, notOwnPolicy, type ChangeStep } from './workflow.ts'
import './tables.server.ts'

export interface BudgetForm {
  slug: string
  /** A part of the policy's place: a province, a city, a county. */
  region: string
  startsOn: string
  endsOn: string
  /** 分, above zero. */
  amountFen: bigint
  basis: string
}

const wrong = (field: string, reason: string) => refuse('invalid', `${reason}。`, { fields: { [field]: reason } })

/** Amount and basis, for a new budget as for a change. */
const amountProblem = ({ amountFen, basis }: Pick<BudgetForm, 'amountFen' | 'basis'>): Refusal | undefined => {
  if (amountFen <= 0n) return wrong('amount', '额度须大于 0')
  if (amountFen > 10n ** 15n) return wrong('amount', '额度太大，请核对单位是元')
  const text = basis.trim()
  return text.length < 8 || text.length > 300 ? wrong('basis', '请用一句话写明依据的文件和条款，8 至 300 个字') : undefined
}

/** A budget that nobody has approved limits nothing. */
export const proposeBudget = (ctx: Ctx, form: BudgetForm): Promise<{ id: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    if (tx.actor.role !== 'regulator') return refuse('forbidden', '额度由发布政策的主管部门设定，请以监管人员身份登录。')
    const policy = (await findPolicy(tx, form.slug))?.current
    if (!policy) return wrong('slug', '没有这项已发布的政策')
    if (!governs(tx.actor, policy.region)) return refuse('forbidden', `${notOwnPolicy}。`)
    if (!findRegion(form.region) || !form.region.startsWith(regionPrefix(policy.region)))
      return wrong('region', '地区须在政策的适用地区之内')
    if (!isIsoDate(form.startsOn)) return wrong('startsOn', '请填写开始日期')
    if (!isIsoDate(form.endsOn) || form.endsOn < form.startsOn) return wrong('endsOn', '结束日期须不早于开始日期')
    const problem = amountProblem(form)
    if (problem) return problem
    const { rows: same } = await sql<{
      id: string
    }>`select id from relief_budgets where policy_id = ${policy.policyId} and region = ${form.region}
      and state in ('proposed', 'active') and starts_on <= ${form.endsOn} and ends_on >= ${form.startsOn}`.execute(tx.db)
    if (same.length > 0)
      return refuse('conflict', '这项政策在这个地区、这段时间已有额度，请在原额度上调整，或改日期。', { code: 'BUDGET_EXISTS' })
    const row = {
      province: provinceOf(form.region),
      id: uuidv7(),
      org_id: tx.actor.org_id,
      region: form.region,
      policy_id: policy.policyId,
      policy_region: policy.region,
      slug: policy.slug,
      title: policy.content.title,
      starts_on: form.startsOn,
      ends_on: form.endsOn,
      basis: form.basis.trim(),
      state: 'proposed' as const,
      created_at: tx.now,
    }
    await tx.db.insertInto('relief_budgets').values(row).execute()
    return propose(tx, row, { before: null, after: form.amountFen, basis: row.basis })
  })

export const proposeChange = (
  ctx: Ctx,
  budgetId: string,
  form: { amountFen: bigint; basis: string; version: number },
): Promise<{ id: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const budget = await lockBudget(tx, budgetId)
    if (isRefusal(budget)) return budget
    if (tx.actor.role !== 'regulator' || !governs(tx.actor, budget.policy_region)) return refuse('forbidden', `${notOwnPolicy}。`)
    if (budget.state !== 'active') return refuse('conflict', '只有执行中的额度可以调整。')
    if (budget.version !== form.version) return stale()
    const problem = amountProblem(form) ?? belowUsed(budget, form.amountFen)
    if (problem) return problem
    if (form.amountFen === budget.amount_fen) return wrong('amount', '与现在的额度相同，不用调整')
    const open = await tx.db
      .selectFrom('relief_budget_changes')
      .select('id')
      .where('budget_id', '=', budgetId)
      .where('state', '=', 'proposed')
      .executeTakeFirst()
    if (open) return refuse('conflict', '已有一项调整等待批准，请先办完。', { code: 'CHANGE_OPEN' })
    return propose(tx, budget, { before: budget.amount_fen, after: form.amountFen, basis: form.basis.trim() })
  })

const belowUsed = (budget: Budget, after: bigint): Refusal | undefined =>
  after < budget.used_fen
    ? refuse('conflict', `已经用了 ${formatYuan(fen(budget.used_fen))}，额度不能低于已用的；已减的不收回。`, {
        code: 'BELOW_USED',
        fields: { amount: '不能低于已用的' },
      })
    : undefined

const stale = () => refuse('conflict', '您打开之后这里已有变化，请核对最新情况后再办理。', { code: 'STALE' })

async function lockBudget(tx: Ctx, id: string): Promise<Budget | Refusal> {
  const row = isUuid(id)
    ? await tx.db
        .selectFrom('relief_budgets')
        .selectAll()
        .where('id', '=', id)
        .where(visible(tx.actor, budgetReaders))
        .forUpdate()
        .executeTakeFirst()
    : undefined
  return (row as Budget | undefined) ?? refuse('missing', '没有这项额度，或不归您看。')
}

type Subject = Pick<Budget, 'province' | 'id' | 'org_id' | 'region' | 'title' | 'slug'>

async function propose(
  tx: Ctx,
  budget: Subject,
  { before, after, basis }: { before: bigint | null; after: bigint; basis: string },
): Promise<{ id: string }> {
  await tx.db
    .insertInto('relief_budget_changes')
    .values({
      province: budget.province,
      id: uuidv7(),
      budget_id: budget.id,
      org_id: budget.org_id,
      region: budget.region,
      state: changeWorkflow.start,
      before_fen: before,
      after_fen: after,
      basis,
      proposed_by: tx.actor.id,
      proposed_by_name: tx.actor.name,
      proposed_at: tx.now,
      decided_by: null,
      decided_by_name: null,
      decided_at: null,
      opinion: null,
    })
    .execute()
  await tellBudget(tx, budget, 'proposed', { beforeFen: before, afterFen: after, basis })
  return { id: budget.id }
}

const tellBudget = (tx: Ctx, budget: Subject, action: string, detail: Record<string, unknown>) =>
  announce(tx, {
    subject: 'relief-budget',
    subjectId: budget.id,
    action,
    province: budget.province,
    region: budget.region,
    title: budget.title,
    detail: { slug: budget.slug, ...detail },
  })

const past: Record<ChangeStep, string> = { approve: 'changed', decline: 'declined', withdraw: 'withdrawn' }

/** The second person decides; from then on the budget is what was approved. */
export const decideChange = (
  ctx: Ctx,
  budgetId: string,
  form: { step: ChangeStep; opinion: string; version: number },
): Promise<{ id: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const budget = await lockBudget(tx, budgetId)
    if (isRefusal(budget)) return budget
    const change = (await tx.db
      .selectFrom('relief_budget_changes')
      .selectAll()
      .where('province', '=', budget.province)
      .where('budget_id', '=', budgetId)
      .where('state', '=', 'proposed')
      .forUpdate()
      .executeTakeFirst()) as BudgetChange | undefined
    if (!change) return refuse('conflict', '没有等待批准的调整，可能已经办过。')
    if (change.version !== form.version) return stale()
    const opinion = form.opinion.trim()
    const next = advance(changeWorkflow, { ...change, policy_region: budget.policy_region }, form.step, tx.actor, tx.now, opinion)
    if (isRefusal(next)) return next
    const low = form.step === 'approve' ? belowUsed(budget, change.after_fen) : undefined
    if (low) return low
    await settle(tx, budget, change, form.step, opinion)
    return { id: budgetId }
  })

async function settle(tx: Ctx, budget: Budget, change: BudgetChange, step: ChangeStep, opinion: string): Promise<void> {
  const { to } = changeWorkflow.steps[step]
  await tx.db
    .updateTable('relief_budget_changes')
    .set({
      state: to,
      decided_by: tx.actor.id,
      decided_by_name: tx.actor.name,
      decided_at: tx.now,
      opinion: opinion || null,
      version: sql`version + 1`,
    })
    .where('province', '=', change.province)
    .where('id', '=', change.id)
    .execute()
  const after =
    step === 'approve'
      ? { state: 'active' as const, amount_fen: change.after_fen, basis: change.basis }
      : change.before_fen === null
        ? { state: 'dropped' as const }
        : {}
  await tx.db
    .updateTable('relief_budgets')
    .set({ ...after, version: sql`version + 1` })
    .where('province', '=', budget.province)
    .where('id', '=', budget.id)
    .execute()
  await tellBudget(tx, budget, past[step], {
    beforeFen: change.before_fen,
    afterFen: change.after_fen,
    basis: change.basis,
    proposedBy: change.proposed_by_name,
    ...(opinion && { opinion }),
  })
}
