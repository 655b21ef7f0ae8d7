/** Price lists of the demo institutions. The prices are made up and marked as examples; real tariffs are entered by each province. */
export interface DemoInstitution {
  /** Key of the organisation in `world.ts`. */
  key: string
  affiliation: 'province' | 'city' | 'county'
  crews: string[]
  /** In ten-thousandths of the base prices. */
  level: number
}

export const demoInstitutions: DemoInstitution[] = [
  { key: 'hz-inst', affiliation: 'city', crews: ['现场一组', '现场二组'], level: 10_000 },
  { key: 'xs-inst', affiliation: 'county', crews: ['现场组'], level: 9_000 },
  { key: 'zj-inst', affiliation: 'province', crews: ['现场组'], level: 12_000 },
  { key: 'aq-inst', affiliation: 'city', crews: ['现场组'], level: 8_000 },
  { key: 'ah-inst', affiliation: 'province', crews: ['现场组'], level: 11_000 },
  { key: 'wh-inst', affiliation: 'city', crews: ['现场组'], level: 10_000 },
]

/** Name, service, kind, specification, unit, yuan, working days, on site. */
const base: [string, string, string, string, string, number, number, boolean][] = [
  ['压力表检定', '检定', 'pressure-gauge', '0～60 MPa', '块', 50, 10, true],
  ['压力变送器检定', '检定', 'pressure-transmitter', '', '台', 180, 10, true],
  ['电子秤检定', '检定', 'scale.electronic', '', '台', 60, 5, true],
  ['汽车衡检定', '检定', 'scale.truck', '', '台', 2_400, 15, true],
  ['量块检定', '检定', 'gauge-block', '三、四等 ≤100 mm', '块', 50, 15, false],
  ['卡尺检定', '检定', 'caliper', '0～300 mm', '把', 60, 10, false],
  ['卡尺校准', '校准', 'caliper', '0～300 mm', '把', 120, 10, false],
  ['千分尺校准', '校准', 'micrometer', '0～100 mm', '把', 130, 10, false],
  ['指示表校准', '校准', 'dial-indicator', '', '只', 110, 10, false],
  ['量块校准', '校准', 'gauge-block', '≤100 mm', '块', 90, 15, false],
  ['压力表校准', '校准', 'pressure-gauge', '0～60 MPa', '块', 80, 10, true],
  ['电子秤校准', '校准', 'scale.electronic', '', '台', 100, 5, true],
  ['砝码校准', '校准', 'weight', '1 mg～20 kg', '个', 40, 10, false],
  ['热电阻校准', '校准', 'resistance-thermometer', '', '支', 90, 10, false],
  ['热电偶校准', '校准', 'thermocouple', '', '支', 160, 15, false],
  ['坐标测量机校准', '校准', 'cmm', '', '台', 6_800, 20, true],
  ['酸度计检定', '检定', 'ph-meter', '', '台', 220, 10, false],
]

/** As an institution would bring them: the header and one row for each item. */
export function priceRows({ level }: Pick<DemoInstitution, 'level'>): { row: number; cells: string[] }[] {
  const header = ['项目编号', '项目名称', '服务', '器具种类', '规格', '单位', '单价（元）', '收费依据', '工作日', '可上门']
  const items = base.map(([name, service, kind, spec, unit, yuan, days, onSite], i) => [
    `${service === '校准' ? 'X' : 'J'}${String(i + 1).padStart(3, '0')}`,
    name,
    service,
    kind,
    spec,
    unit,
    ((yuan * level) / 10_000).toFixed(2),
    service === '校准' ? '合同价（示例）' : '示例价费〔2026〕1号 附表',
    String(days),
    onSite ? '是' : '否',
  ])
  const extras = [
    ['', '加急', '加急', '', '', '', '50%', '合同价（示例）', '3', ''],
    ['', '上门', '上门', '', '', '', '200.00', '合同价（示例）', '', ''],
  ]
  return [header, ...items, ...extras].map((cells, i) => ({ row: i + 1, cells }))
}
