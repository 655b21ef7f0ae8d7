/** The 60 enterprises of the demo world, from 个体工商户 to large. The first of each place is told in full, others from a seed. */
import type { FactId } from '../core/eligibility/facts.ts'
import { makeDemoUscc } from '../core/uscc.ts'

export interface DemoEnterprise {
  key: string
  name: string
  uscc: string
  region: string
  kind: 'enterprise' | 'individual'
  /** Facts on record; a missing one is unknown. `instruments` is how many stand in its ledger. */
  facts: Partial<Record<FactId, unknown>>
}

interface Place {
  code: string
  short: string
  key: string
  count: number
}

/** 浙江、安徽、湖北 in depth, the others thinly: 60 in all. */
const places: Place[] = [
  { key: 'hz', code: '330110', short: '杭州余杭', count: 8 },
  { key: 'xs', code: '330109', short: '杭州萧山', count: 7 },
  { key: 'wz', code: '330303', short: '温州龙湾', count: 6 },
  { key: 'aq', code: '340822', short: '安庆怀宁', count: 6 },
  { key: 'hf', code: '340123', short: '合肥肥西', count: 5 },
  { key: 'wh', code: '420115', short: '武汉江夏', count: 7 },
  { key: 'yc', code: '420503', short: '宜昌伍家岗', count: 4 },
  { key: 'bj', code: '110114', short: '北京昌平', count: 2 },
  { key: 'sh', code: '310115', short: '上海浦东', count: 3 },
  { key: 'gz', code: '440112', short: '广州黄埔', count: 2 },
  { key: 'sz', code: '440306', short: '深圳宝安', count: 2 },
  { key: 'cq', code: '500112', short: '重庆渝北', count: 2 },
  { key: 'js', code: '320412', short: '常州武进', count: 2 },
  { key: 'sd', code: '370323', short: '淄博沂源', count: 2 },
  { key: 'fj', code: '350902', short: '宁德蕉城', count: 2 },
]

interface Trade {
  word: string
  industry: string
  instruments: Record<string, number>
  activities?: string[]
  individual?: true
}

const trades: Trade[] = [
  {
    word: '精密机械',
    industry: 'C3484',
    instruments: { caliper: 46, micrometer: 28, 'dial-indicator': 14, 'pressure-gauge': 12, 'gauge-block': 2, cmm: 1 },
  },
  { word: '阀门', industry: 'C3443', instruments: { 'pressure-gauge': 38, caliper: 22, micrometer: 9, 'pressure-transmitter': 6 } },
  { word: '食品', industry: 'C1432', instruments: { 'scale.electronic': 18, thermocouple: 10, 'pressure-gauge': 8, 'ph-meter': 2 } },
  { word: '菜场摊位', industry: 'F5223', instruments: { 'scale.electronic': 1 }, activities: ['market-stall'], individual: true },
  {
    word: '仪表',
    industry: 'C4011',
    instruments: { 'pressure-gauge': 24, 'electronic-instrument': 16, thermocouple: 8, 'top-standard': 2 },
    activities: ['instrument-maker'],
  },
  { word: '汽车配件', industry: 'C3670', instruments: { caliper: 60, micrometer: 34, cmm: 2, 'pressure-gauge': 16 } },
  { word: '化工', industry: 'C2614', instruments: { 'pressure-gauge': 64, 'pressure-transmitter': 30, 'scale.truck': 1, 'ph-meter': 4 } },
  {
    word: '眼镜店',
    industry: 'F5236',
    instruments: { optometer: 1, lensmeter: 1, 'trial-lens-set': 1 },
    activities: ['optician'],
    individual: true,
  },
]

const ordinals = ['甲一', '乙二', '丙三', '丁四', '戊五', '己六', '庚七', '辛八']

/** Those that the tours and the journeys walk through: what is missing here is what the platform will ask. */
const told: Record<string, DemoEnterprise['facts']> = {
  'e-hz-1': {
    industry: 'C3484',
    revenue: 3860,
    registeredOn: '2012-05-15',
    ownership: 'private',
    activities: [],
    instruments: { caliper: 46, micrometer: 28, 'dial-indicator': 14, 'pressure-gauge': 12, 'gauge-block': 2, cmm: 1 },
  },
  'e-xs-1': {
    industry: 'F5223',
    employees: 2,
    activities: ['market-stall'],
    hardship: true,
    instruments: { 'scale.electronic': 1 },
  },
  'e-aq-1': {
    industry: 'C3443',
    employees: 18,
    revenue: 960,
    registeredOn: '2018-03-15',
    instruments: { 'pressure-gauge': 38, caliper: 22 },
  },
  // Its ledger is still empty: the journey of a new firm begins here.
  'e-wz-4': { industry: 'C3670', employees: 64, revenue: 3100, registeredOn: '2015-04-15', activities: [] },
  'e-wh-1': {
    industry: 'C4011',
    employees: 130,
    revenue: 8600,
    registeredOn: '2009-09-15',
    qualifications: ['specialised-sme'],
    activities: ['instrument-maker'],
    instruments: { 'pressure-gauge': 24, 'top-standard': 2 },
  },
}

export const enterprises: DemoEnterprise[] = places.flatMap((place, p) =>
  Array.from({ length: place.count }, (_, i) =>
    enterprise(place, trades[(i + (place.key === 'xs' ? 3 : place.key === 'wh' ? 4 : p)) % trades.length]!, i, p * 10 + i),
  ),
)

function enterprise(place: Place, trade: Trade, i: number, serial: number): DemoEnterprise {
  const random = seeded(serial + 1)
  const kind = trade.individual ? 'individual' : 'enterprise'
  const key = `e-${place.key}-${i + 1}`
  const employees = kind === 'individual' ? 1 + Math.floor(random() * 4) : [12, 42, 86, 160, 260, 420, 1200][Math.floor(random() * 7)]!
  const known = (share: number) => random() < share
  const drawn: DemoEnterprise['facts'] = {
    industry: trade.industry,
    ...(known(0.75) && { employees }),
    ...(known(0.6) && { revenue: Math.round(employees * (30 + random() * 60)) }),
    ...(known(0.5) && { assets: Math.round(employees * (20 + random() * 50)) }),
    registeredOn: `${2004 + Math.floor(random() * 20)}-0${1 + Math.floor(random() * 9)}-15`,
    ...(known(0.8) && { instruments: trade.instruments }),
    ...(known(0.7) && { activities: trade.activities ?? [] }),
    ...(known(0.4) && { qualifications: random() < 0.5 ? ['specialised-sme', 'above-scale'] : [] }),
    ...(known(0.3) && { hardship: random() < 0.4 }),
    ...(known(0.3) && { energyTce: Math.round(employees * (2 + random() * 60)) }),
  }
  return {
    key,
    kind,
    name: `示例·${place.short}${ordinals[i]!}${trade.word}${kind === 'individual' ? '' : '有限公司'}`,
    uscc: makeDemoUscc(kind, serial + 1),
    region: place.code,
    facts: told[key] ?? drawn,
  }
}

/** mulberry32: the same world on every machine. */
export function seeded(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
