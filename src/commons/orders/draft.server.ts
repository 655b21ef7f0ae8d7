/** From what somebody wants to what it costs at an institution: nothing is kept yet. */
import { findKind, findKindByName } from '../../core/instrument-kinds.ts'
import { mandatoryOf } from '../../core/mandatory.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { formatAccuracy } from '../../core/quantities/accuracy.ts'
import { formatRanges } from '../../core/quantities/quantity.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { listInstruments } from '../instruments/index.server.ts'
import { findOrganisation, missingScope } from '../people/index.server.ts'
import type { Organisation } from '../people/index.ts'
import type { PriceItem, PriceList } from './model.ts'
import { listInForce } from './prices/lists.server.ts'
import { promiseOf, quoteExtras, quoteLine, type Quoted, type QuotedExtra, type Wanted } from './prices/pricing.ts'
import { listInstitutions, type InstitutionChoice } from './queries.server.ts'
import type { OrderForm, OrderFormLine } from './schema.ts'

export interface Prepared {
  org: Organisation
  institution: InstitutionChoice
  list: PriceList
  items: readonly PriceItem[]
  lines: Quoted[]
  extras: QuotedExtra[]
  promiseWorkdays: number
}

/** Prices everything; a line that cannot be ordered here says so in `problem`, so that a person sees all of them at once. */
export async function prepareOrder(ctx: Ctx, form: OrderForm): Promise<Prepared | Refusal> {
  const org = ctx.actor.role === 'enterprise' ? await findOrganisation(ctx, ctx.actor.org_id) : undefined
  if (!org) return refuse('forbidden', '委托检定、校准由企业自己下单，请以企业身份登录。')
  const beyond = await missingScope(ctx, 'orders')
  if (beyond) return beyond
  const today = shanghaiDate(ctx.now)
  if (form.wantedOn < today) return wrong('wantedOn', `日期 ${form.wantedOn} 已经过去`)
  if (form.mode === 'on-site' && !form.address) return wrong('address', '上门请填写地址')
  const institution = (await listInstitutions(ctx, today)).find(({ id }) => id === form.institutionId)
  const prices = institution && (await listInForce(ctx, institution.id, today))
  if (!institution || !prices) return wrong('institutionId', '这家机构现在没有施行的收费目录，请换一家')
  const wanted = await wantedLines(ctx, form.lines, today)
  if (isRefusal(wanted)) return wanted
  const lines = wanted.map((each) => quoteLine(each, prices.items, form.mode))
  const extras = quoteExtras(prices.list, lines, form)
  if (typeof extras === 'string') return wrong(form.express ? 'express' : 'mode', extras)
  return { org, institution, ...prices, lines, extras, promiseWorkdays: promiseOf(prices.list, lines, form.express) }
}

const wrong = (field: string, reason: string) => refuse('invalid', `${reason}。`, { fields: { [field]: reason } })

async function wantedLines(ctx: Ctx, lines: readonly OrderFormLine[], today: string): Promise<Wanted[] | Refusal> {
  const ids = lines.flatMap((line) => ('instrumentId' in line ? line.instrumentId : []))
  if (new Set(ids).size < ids.length) return wrong('lines', '同一件器具选了两次')
  const { rows } = ids.length > 0 ? await listInstruments(ctx, { ids, pageSize: ids.length }) : { rows: [] }
  const known = new Map(rows.map((row) => [row.id, row]))
  const out: Wanted[] = []
  for (const line of lines) {
    if (!('instrumentId' in line)) {
      out.push(typed(line, out.length + 1, today))
      continue
    }
    const row = known.get(line.instrumentId)
    if (!row) return refuse('missing', '所选的器具里有的不在您的台账里，请重新选择。')
    if (row.state === 'scrapped' || row.state === 'lost')
      return refuse('conflict', `${row.code} 已经${row.state === 'lost' ? '丢失' : '报废'}，不能委托。`)
    out.push({
      instrumentId: row.id,
      code: row.code,
      name: row.name,
      model: row.model,
      serial: row.serial,
      able: formatRanges(row.ranges) || null,
      accuracy: row.accuracy && formatAccuracy(row.accuracy),
      kind: row.kind,
      use: row.use,
      mandatory: row.mandatory,
      toVerify: row.mandatory_to_verify,
      service: line.service,
      itemCode: line.itemCode,
    })
  }
  return out
}

type TypedLine = Exclude<OrderFormLine, { instrumentId: string }>

/** Typed by hand: the rule of mandatory verification is asked with the kind and the use that were given. */
function typed(line: TypedLine, n: number, today: string): Wanted {
  const kind = (line.kind ? (findKind(line.kind) ?? findKindByName(line.kind)) : findKindByName(line.name))?.code ?? null
  const rule = mandatoryOf({ kind, use: line.use ?? null, onDate: today, confirmed: null })
  return {
    instrumentId: null,
    code: line.code || `第 ${n} 件`,
    name: line.name,
    model: line.model || null,
    serial: line.serial || null,
    able: line.able || null,
    accuracy: line.accuracy || null,
    kind,
    use: line.use ?? null,
    mandatory: rule.verdict,
    toVerify: rule.toVerify,
    service: line.service,
    itemCode: line.itemCode,
  }
}
