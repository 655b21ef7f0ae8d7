/**
 * Units of measurement that a factory's ledger meets, with exact scales and their D-SI text (PTB D-SI, for digital certificates).
 * What people type is recognised, never guessed: mW and MW differ by a factor of a thousand million.
 */
import { refuse, type Refusal } from '../refusal.ts'
import table from '../reference/units.json' with { type: 'json' }
import { narrow } from './rational.ts'

/** Kinds of quantity. Hardness scales are kinds of their own: no conversion between them is exact (GB/T 33362). */
export const quantityNames = {
  pressure: '压力',
  length: '长度',
  area: '面积',
  volume: '体积',
  mass: '质量',
  temperature: '温度',
  voltage: '电压',
  current: '电流',
  resistance: '电阻',
  capacitance: '电容',
  inductance: '电感',
  power: '功率',
  'apparent-power': '视在功率',
  'reactive-power': '无功功率',
  energy: '能量',
  charge: '电荷量',
  time: '时间',
  frequency: '频率',
  force: '力',
  torque: '力矩',
  'flow-volume': '体积流量',
  'flow-normal': '标准状态体积流量',
  'flow-mass': '质量流量',
  angle: '角度',
  slope: '斜度',
  speed: '速度',
  acceleration: '加速度',
  rotation: '转速',
  'count-rate': '次数频率',
  'field-strength': '电场强度',
  humidity: '相对湿度',
  'amount-ratio': '比值',
  'explosion-limit': '爆炸下限比',
  ph: 'pH',
  concentration: '质量浓度',
  'amount-concentration': '物质的量浓度',
  turbidity: '浊度',
  density: '密度',
  viscosity: '动力黏度',
  'kinematic-viscosity': '运动黏度',
  conductivity: '电导率',
  conductance: '电导',
  resistivity: '电阻率',
  noise: '声级',
  'power-level': '功率电平',
  illuminance: '照度',
  luminance: '亮度',
  irradiance: '辐照度',
  'magnetic-flux-density': '磁感应强度',
  vergence: '焦度',
  activity: '放射性活度',
  'absorbed-dose': '吸收剂量',
  dose: '剂量当量',
  'dose-rate': '剂量当量率',
  'linear-density': '线密度',
  gloss: '光泽度',
  'hardness-hra': '洛氏硬度 A 标尺',
  'hardness-hrb': '洛氏硬度 B 标尺',
  'hardness-hrc': '洛氏硬度 C 标尺',
  'hardness-hb': '布氏硬度',
  'hardness-hv': '维氏硬度',
  'hardness-hl': '里氏硬度',
  'hardness-shore-a': '邵氏硬度 A',
  'hardness-shore-d': '邵氏硬度 D',
  count: '数量',
} as const
export type Quantity = keyof typeof quantityNames

export interface Unit {
  /** Stable, for storage and interfaces: `MPa`, `um`, `m3/h`, `℃`. */
  code: string
  /** As it is written: `μm`, `m³/h`. */
  symbol: string
  /** D-SI: `\mega\pascal`; empty when D-SI has no word for it (psi). Numbers on a scale of their own are `\one` (HRC). */
  dsi: string
  quantity: Quantity
  aliases: readonly string[]
  /** base = value × scale + offset; exact decimals or ratios: `5/9`. The base unit of a quantity has scale 1 and no offset. */
  scale: string
  offset?: string
  /** The scale holds π and is exact to 50 digits only (rad). */
  irrational?: boolean
  /** Only as written: a D for 焦度 is not a d for days, and PA is Pa, not pA. */
  exactCase?: boolean
  /** 法定计量单位, or customary in measurement and not forbidden (pH, HRC, NTU). */
  legal: boolean
  note?: string
}

/** Where the table comes from and how far it goes. */
export const unitEdition = { source: table.source, edition: table.edition, cutOff: table.cutOff, trust: table.trust } as const

export const units: readonly Unit[] = table.quantities.flatMap(({ quantity, units }) =>
  (units as unknown as Partial<Unit>[]).map((row) => ({ symbol: row.code, aliases: [], legal: true, ...row, quantity }) as unknown as Unit),
)

const byCode: ReadonlyMap<string, Unit> = new Map(units.map((u) => [u.code, u]))
const bases: ReadonlyMap<string, Unit> = new Map(
  units
    .filter((u) => u.scale === '1' && !u.offset)
    .toReversed()
    .map((u) => [u.quantity, u]),
)

/** The units of a kind of quantity, for a picker. */
export const unitsOf = (quantity: Quantity): readonly Unit[] => units.filter((unit) => unit.quantity === quantity)

/** By code, or exactly as a unit is written. Throws when it is not in the table: stored codes always are. */
export function getUnit(code: string): Unit {
  const unit = byCode.get(code) ?? byKey.get(keyOf(code))
  if (!unit) throw new RangeError(`unknown unit: ${code}`)
  return unit
}

/** The unit in which a kind of quantity is stored: Pa, m, kg, K. */
export function baseUnit(quantity: Quantity): Unit {
  const unit = bases.get(quantity)
  if (!unit) throw new RangeError(`no base unit: ${quantity}`)
  return unit
}

/** One spelling of the dots, micro signs and capitals that carry no meaning. `N·m`, `N*m`, `N.m` and `Nm` are the same; so are `µ` and `u`, `Ω` and `Ohm`. */
const keyOf = (text: string): string =>
  narrow(text)
    .replace(/[\s·・⋅•.*^]/g, '')
    .replace(/μ/g, 'u')
    .replace(/Ω/g, 'Ohm')
    .replace(/ohm/gi, 'Ohm')
    .replace(/℃/g, '°C')

const byKey: ReadonlyMap<string, Unit> = new Map(
  units.toReversed().flatMap((u) => [...u.aliases, u.symbol, u.code].map((name) => [keyOf(name), u] as const)),
)
const folded: ReadonlyMap<string, readonly Unit[]> = (() => {
  const found = new Map<string, Unit[]>()
  for (const [key, unit] of byKey) {
    if (unit.exactCase) continue
    const same = found.get(key.toLowerCase()) ?? []
    if (!same.includes(unit)) found.set(key.toLowerCase(), [...same, unit])
  }
  return found
})()

/** Differs from the key only by m (milli, metre) for M (mega) or the other way round: the writer may mean just that. */
const swapsPrefix = (key: string, unit: Unit): boolean =>
  /^[mM]/.test(key) && [unit.code, unit.symbol, ...unit.aliases].some((name) => keyOf(name).slice(1) === key.slice(1))

/** The unit of this code, symbol or name. Capitals are forgiven only where one unit can be meant: MPA → MPa, but `mw` is nothing. */
export function findUnit(text: string): Unit | undefined {
  const unit = readUnit(text)
  return 'kind' in unit ? undefined : unit
}

/** As `findUnit`, with a sentence that says what is in doubt. */
export function readUnit(text: string): Unit | Refusal {
  const key = keyOf(text)
  const shown = text.trim()
  if (key === '') return refuse('invalid', '没有写计量单位，请补上，如 0～1.6MPa')
  const exact = byCode.get(text) ?? byKey.get(key)
  if (exact) return exact
  const alike = folded.get(key.toLowerCase()) ?? []
  const clean = alike.filter((unit) => !swapsPrefix(key, unit))
  const [only] = clean
  if (only && alike.length === 1) return only
  // `Mhz`: the capital M is meant, the rest is sloppy.
  const meant = key.startsWith('M') && /[a-z]/.test(key) ? clean.filter((unit) => keyOf(unit.code).startsWith('M')) : []
  if (meant.length === 1 && meant[0]) return meant[0]
  if (alike.length > 0) {
    const choices = alike.map(
      (unit) => `${unit.symbol}（${unit.aliases.find((a) => /[\u4e00-\u9fff]/.test(a)) ?? quantityNames[unit.quantity]}）`,
    )
    return refuse(
      'invalid',
      `计量单位“${shown}”的大小写不能确定：${choices.length > 1 ? '可能是' : '是否指'} ${choices.join('、')}，请按规定的大小写填写`,
    )
  }
  return refuse('invalid', `不认识计量单位“${shown}”，请用规定的符号，如 MPa、mm、kg、℃`)
}
