/** The ledgers of the demo enterprises: the same on every machine, with dates relative to the day it is told. */
import type { DraftInput } from '../commons/instruments/index.ts'
import { addDays } from '../core/eligibility/calendar-day.ts'
import { seeded, type DemoEnterprise } from './enterprises.ts'
import { models, type Model } from './instrument-models.ts'

const workshops = ['一车间', '二车间', '质检室', '装配线', '动力站'] as const
const keepers = ['示例·李班长', '示例·王检验', '示例·赵师傅', '示例·陈计量'] as const

/** Where the firms of a place send what must be verified or calibrated. */
const institutionOf = (region: string): string =>
  region.startsWith('33')
    ? region.startsWith('330109')
      ? '示例·萧山区计量检测所'
      : '示例·杭州市计量检测院'
    : region.startsWith('34')
      ? region.startsWith('3408')
        ? '示例·安庆市计量检测所'
        : '示例·安徽省计量科学研究院'
      : region.startsWith('42')
        ? '示例·武汉市计量测试所'
        : '示例·浙江省计量科学研究院'

/** Drafts of one enterprise in the order of their codes. About one in twelve is a spare, few are overdue, few have no date. */
export function ledgerOf(firm: DemoEnterprise, today: string): DraftInput[] {
  const counts = (firm.facts.instruments ?? {}) as Record<string, number>
  const random = seeded(checksum(firm.key))
  return Object.entries(counts).flatMap(([kind, count]) => {
    const model = models[kind]
    if (!model) throw new Error(`the demo has no model for ${kind}`)
    return Array.from({ length: count }, (_, i) => draft(firm, kind, model, i, random, today))
  })
}

function draft(firm: DemoEnterprise, kind: string, model: Model, i: number, random: () => number, today: string): DraftInput {
  const [type, range, accuracy] = model.models[Math.floor(random() * model.models.length)]!
  const [use, useDetail] = drawUse(model, random())
  const workshop = workshops[Math.floor(random() * workshops.length)]!
  const spare = i > 0 && i % 12 === 11
  const validUntil = addDays(today, Math.floor(random() * (model.months * 30 + 12)) - 12)
  const doneOn = addDays(validUntil, -(model.months === 6 ? 182 : model.months * 30.4375) | 0)
  const dated = random() > 0.02
  const mandatory = use !== 'other'
  return {
    code: `${model.prefix}-${String(i + 1).padStart(3, '0')}`,
    name: model.name,
    kind,
    maker: `示例·${['江南', '华中', '东海'][Math.floor(random() * 3)]}仪表厂`,
    model: type,
    serial: `${String((checksum(`${firm.key}${kind}`) % 900) + 100)}${String(i + 1).padStart(4, '0')}`,
    range,
    accuracy,
    place: spare ? '计量室' : workshop,
    point: spare ? undefined : `${workshop}${1 + Math.floor(random() * 6)}号工位`,
    keeper: keepers[Math.floor(random() * keepers.length)],
    use,
    useDetail,
    intervalMonths: String(model.months),
    state: spare ? 'stored' : 'in-use',
    ...(dated && {
      lastDoneOn: doneOn,
      lastKind: mandatory ? 'verification' : 'calibration',
      lastConclusion: mandatory ? 'pass' : 'none',
      lastInstitution: institutionOf(firm.region),
      lastCertificateNo: `示例${doneOn.replaceAll('-', '')}-${String(1 + Math.floor(random() * 9999)).padStart(4, '0')}`,
      lastFee: mandatory ? '0' : model.fee,
      validUntil,
    }),
  }
}

function drawUse({ uses }: Model, at: number): readonly [DraftInput['use'], string] {
  let passed = 0
  const found = uses.find(([, , share]) => (passed += share) > at) ?? uses[0]!
  return [found[0], found[1]]
}

const checksum = (text: string): number => [...text].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 1_000_003, 7)
