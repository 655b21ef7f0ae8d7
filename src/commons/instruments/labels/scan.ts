/** What whoever scans a label is told: may it be used now, and until when. Nothing else of the ledger leaves it here. Pure. */
import { dueStates, type InstrumentState } from '../model.ts'
import type { Life } from '../workflow.ts'

export type Scanned = Pick<Life, 'state' | 'mandatory' | 'valid_until' | 'last_conclusion' | 'last_confirmation'>

export interface ScanStatus {
  word: string
  tone: 'good' | 'warn' | 'bad' | 'info' | 'neutral'
  /** A shape beside the colour, for those who do not see it. */
  shape: '●' | '◆' | '▲' | '■' | '○'
  /** What to do, in one sentence. */
  todo: string
}

const still: Record<Exclude<InstrumentState, 'in-use' | 'limited' | 'stored'>, ScanStatus> = {
  sent: { word: '送检中', tone: 'info', shape: '○', todo: '器具应在检定、校准机构；如果还在现场，请告诉设备管理人员。' },
  returned: { word: '待确认，暂不使用', tone: 'warn', shape: '◆', todo: '已从检定、校准机构取回，确认可用之前请不要使用。' },
  stopped: { word: '停止使用', tone: 'bad', shape: '▲', todo: '请不要使用，换一件可以使用的器具。' },
  sealed: { word: '封存，不使用', tone: 'neutral', shape: '■', todo: '重新启用之前请不要使用。' },
  lost: { word: '已登记丢失', tone: 'bad', shape: '▲', todo: '请把器具交还企业，不要使用。' },
  scrapped: { word: '已报废，不得使用', tone: 'bad', shape: '▲', todo: '请不要使用，换一件可以使用的器具。' },
}

/** `today` is a day in China. A mandatory instrument without valid verification may not be used (《计量法》第九条). */
export function statusOf(row: Scanned, today: string): ScanStatus {
  const { state, mandatory, valid_until: until } = row
  if (state !== 'in-use' && state !== 'limited' && state !== 'stored') return still[state]
  const no = (word: string, todo: string): ScanStatus => ({ word, tone: 'bad', shape: '▲', todo })
  if (row.last_conclusion === 'fail' || row.last_confirmation === 'unfit')
    return no('停止使用', '最近一次检定或计量确认没有通过，请不要使用。')
  if (until && until < today)
    return no(
      '已过有效期',
      mandatory === 'yes' ? '强制检定器具超过检定周期，不得使用（《计量法》第九条）。' : '送检或确认之前请不要使用，并告诉设备管理人员。',
    )
  if (!until && mandatory === 'yes') return no('不得使用', '强制检定器具还没有检定记录，未经检定不得使用（《计量法》第九条）。')
  if (state === 'stored') return { word: '备用，还没有启用', tone: 'neutral', shape: '■', todo: '要用时先请设备管理人员启用。' }
  if (state === 'limited')
    return { word: '限用', tone: 'warn', shape: '◆', todo: '只能在限定的范围内使用，范围请看现场的限用标识或问设备管理人员。' }
  return { word: '可以使用', tone: 'good', shape: '●', todo: '发现读数不对、外壳损坏，请在下面报告。' }
}

/** 有效期 in words; undefined where no time runs. */
export function dueInWords({ state, valid_until: until }: Pick<Scanned, 'state' | 'valid_until'>, today: string): string | undefined {
  if (!(dueStates as readonly InstrumentState[]).includes(state)) return undefined
  if (!until) return '还没有登记有效期'
  const left = Math.round((Date.parse(until) - Date.parse(today)) / 86_400_000)
  if (left < 0) return `已超期 ${-left} 天`
  return left === 0 ? '今天是最后一天' : `还有 ${left} 天到期`
}
