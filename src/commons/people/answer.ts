/** Reads the answer to one question from a plain form. What the value may be is checked by `commons/people`. */
import { facts as catalogue, type FactId, type FactValue } from '../../core/eligibility/facts.ts'
import { findKindByName } from '../../core/instrument-kinds.ts'
import { refuse, type Refusal } from '../../core/refusal.ts'

/** The fields of a form: `value` once, or several times for a set; `none` for 以上都没有. */
export interface Answered {
  value: readonly string[]
  none: boolean
}

export function readAnswer(fact: FactId, { value, none }: Answered): FactValue | Refusal {
  const { type, label } = catalogue[fact]
  const [first = ''] = value.map((v) => v.trim())
  switch (type) {
    case 'flag':
      return first === 'yes' ? true : first === 'no' ? false : missing(`${label}请选择是或否`)
    case 'number':
      return readNumber(label, first)
    case 'set':
      if (none && value.length > 0) return missing(`${label}：选了“以上都没有”就不要再选其他项`)
      return none ? [] : value.length > 0 ? [...value] : missing(`请选择${label}，没有的请选“以上都没有”`)
    case 'holdings':
      return none ? {} : readHoldings(value.join('\n'))
    default:
      return first === '' ? missing(`请填写${label}`) : first
  }
}

const missing = (reason: string): Refusal => refuse('invalid', `${reason}。`, { fields: { value: reason } })

function readNumber(label: string, text: string): number | Refusal {
  const plain = text.normalize('NFKC').replace(/[,\s]/g, '')
  if (!/^\d+(\.\d+)?$/.test(plain)) return missing(`${label}请填写数字，如 35`)
  const n = Number(plain)
  // Rules compare whole numbers of the base unit; a fraction is rounded down, as 从业人员 and 万元 are counted.
  return Number.isSafeInteger(Math.floor(n)) ? Math.floor(n) : missing(`${label}的数字太大，请核对`)
}

/** One kind a line: 「压力表 12」. */
function readHoldings(text: string): FactValue | Refusal {
  const lines = text
    .split(/[\n；;]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (lines.length === 0) return missing('请每行填写一种器具和件数，如“压力表 12”；没有器具的请选“没有”')
  const ledger: Record<string, number> = {}
  for (const line of lines) {
    const [, name, count] = /^(.+?)[\s:：,，x×]*(\d+)\s*(?:件|台|只|个|支)?$/.exec(line.normalize('NFKC')) ?? []
    const kind = name && findKindByName(name)
    if (!name || !count) return missing(`“${line}”缺少件数，请写成“压力表 12”`)
    if (!kind) return missing(`没有找到“${name}”这种计量器具，请换一个名称`)
    ledger[kind.code] = (ledger[kind.code] ?? 0) + Number(count)
  }
  return ledger
}
