/** The words of a push: one action and one number. */
import type { PolicyContent } from '../../commons/policies/index.ts'
import { fen, formatYuan } from '../../core/money.ts'
import type { Change } from './changes.ts'
import { declineReasons, type Application } from './model.ts'
import { figureOf } from './worth.ts'

/** What a message says; the rest of it (to whom, about what) is the sender's. */
export interface Told {
  template: string
  title: string
  body: string
  number: string
  actionLabel: string
  actionUrl: string
}

/** How many answers an undecided policy still needs from the enterprise. */
export interface Gained {
  change: Change
  content: PolicyContent
  asks: number
}

/** `lost`: how many others came to no longer apply at the same time. */
export function tellGains(gains: readonly Gained[], cause: string, lost = 0): Told {
  const told = tellAllGains(gains, cause)
  return lost === 0 ? told : { ...told, body: `${told.body}另有 ${lost} 项不再适用。` }
}

function tellAllGains(gains: readonly Gained[], cause: string): Told {
  const [first] = gains
  if (gains.length === 1 && first) return tellGain(first, cause)
  const now = gains.filter(({ change }) => change.after?.result === 'eligible').length
  const open = gains.length - now
  const parts = [...(now > 0 ? [`${now} 项符合`] : []), ...(open > 0 ? [`${open} 项再补充信息即可判断`] : [])]
  return {
    template: 'policy-matches',
    title: `有 ${gains.length} 项政策与您有关`,
    body: `${cause}：${parts.join('，')}。`,
    number: `${gains.length} 项`,
    actionLabel: '看是哪些政策',
    actionUrl: '/me/matches',
  }
}

function tellGain({ change, content, asks }: Gained, cause: string): Told {
  const actionUrl = `/me/matches/${content.slug}`
  if (change.after?.result === 'eligible')
    return {
      template: 'policy-eligible',
      title: `符合：${content.title}`,
      body: `${cause}：${content.card.oneLine}`,
      number: figureOf(content.benefits) ?? '1 项',
      actionLabel: content.requiresApplication ? '看条件并申请' : '看怎么享受',
      actionUrl,
    }
  return {
    template: 'policy-unknown',
    title: asks > 0 ? `再补充 ${asks} 项信息就能判断：${content.title}` : `可能适用：${content.title}`,
    body: `${cause}：${content.card.oneLine}`,
    number: asks > 0 ? `${asks} 项信息` : '1 项',
    actionLabel: asks > 0 ? '补充信息' : '看条件',
    actionUrl,
  }
}

/** `until`: the last day, where the policy simply came to its end. */
export function tellLosses(losses: readonly { content: PolicyContent; until?: string }[], cause: string): Told {
  const [first] = losses
  if (losses.length === 1 && first) {
    const { content, until } = first
    const next = content.successor
    return {
      template: 'policy-lost',
      title: `不再适用：${content.title}`,
      body: `${until ? `已于 ${until} 截止` : cause}。${next ? '已有接续的政策。' : '已经办成的不受影响。'}`,
      number: '1 项',
      actionLabel: next ? '看接续的政策' : '看原因',
      actionUrl: `/me/matches/${next ?? content.slug}`,
    }
  }
  return {
    template: 'policy-lost',
    title: `${losses.length} 项政策不再适用`,
    body: `${cause}。已经办成的不受影响。`,
    number: `${losses.length} 项`,
    actionLabel: '看现在能用的政策',
    actionUrl: '/me/matches',
  }
}

/** What an authority's step means for the applicant. `action` is the event's. */
export function tellStep(
  row: Pick<Application, 'id' | 'number' | 'due_on' | 'saving_fen' | 'opinion' | 'reason_code' | 'as_submitted'>,
  action: string,
): Told {
  const title = row.as_submitted.at(-1)?.policy.title ?? '政策申请'
  const at = { template: `policy-application-${action}`, actionUrl: `/me/applications/${row.id}` }
  switch (action) {
    case 'returned':
      return { ...at, title: `请补正：${title}`, body: row.opinion ?? '', number: row.number, actionLabel: '去补正' }
    case 'granted':
      return {
        ...at,
        title: `已享受：${title}`,
        body: `${row.number} 已办结，计入今年已享受。`,
        number: formatYuan(fen(row.saving_fen ?? 0n)),
        actionLabel: '看办理结果',
      }
    case 'declined': {
      const reason = row.reason_code && declineReasons[row.reason_code]
      return {
        ...at,
        title: `未通过：${title}`,
        body: [reason && `${reason.label}：${reason.todo}`, row.opinion].filter(Boolean).join('。'),
        number: row.number,
        actionLabel: '看原因和办法',
      }
    }
    default:
      return { ...at, title: `已受理：${title}`, body: `${row.number} 已受理。`, number: `${row.due_on} 前办结`, actionLabel: '看办理进度' }
  }
}
