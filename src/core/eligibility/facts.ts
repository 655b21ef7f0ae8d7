/**
 * The closed list of facts that a rule may ask about, with the words in which a person is asked for them.
 * Enterprise facts come from the profile and the ledger; request facts from one order line on one day.
 */

/** `enterprise`: about the firm; `request`: about one instrument line and the service asked for it. */
export type Scope = 'enterprise' | 'request'

interface Common {
  /** The noun as shown: 从业人员. */
  label: string
  /** The question as asked, with its unit. */
  ask: string
  scope: Scope
  /** A person cannot change it to qualify (注册地 can be moved, but nobody should be told to). */
  fixed?: true
}

const code = <T extends Common>(f: T) => ({ type: 'code', ...f }) as const
const choice = <const V extends Record<string, string>, T extends Common>(values: V, f: T) => ({ type: 'enum', values, ...f }) as const
const number = <T extends Common & { unit: string }>(f: T) => ({ type: 'number', ...f }) as const
const date = <T extends Common>(f: T) => ({ type: 'date', ...f }) as const
const set = <const V extends Record<string, string>, T extends Common>(values: V, f: T) => ({ type: 'set', values, ...f }) as const
const flag = <T extends Common>(f: T) => ({ type: 'flag', ...f }) as const

export const facts = {
  // —— the enterprise
  region: code({ label: '注册地', ask: '注册地在哪个县（市、区）？', scope: 'enterprise', fixed: true }),
  industry: code({ label: '行业', ask: '按 GB/T 4754 属于哪个行业？', scope: 'enterprise', fixed: true }),
  subjectKind: choice(
    {
      enterprise: '企业',
      individual: '个体工商户',
      cooperative: '农民专业合作社',
      institution: '事业单位',
      'metrology-institution': '计量技术机构',
      'inspection-body': '检验检测机构',
      other: '其他',
    },
    { label: '主体类型', ask: '是企业、个体工商户，还是其他主体？', scope: 'enterprise', fixed: true },
  ),
  /** Derived (国统字〔2017〕213号), may be a set of possibilities; 个体工商户 is its own value, never folded into micro. */
  size: choice(
    { micro: '微型', small: '小型', medium: '中型', large: '大型', individual: '个体工商户', unclassified: '不适用划型' },
    { label: '企业规模', ask: '属于微型、小型、中型还是大型？', scope: 'enterprise', fixed: true },
  ),
  ownership: choice(
    { private: '民营', state: '国有', foreign: '外资', mixed: '混合所有' },
    { label: '所有制', ask: '是民营、国有还是外资企业？', scope: 'enterprise', fixed: true },
  ),
  /** Park ids of `core/regions`; `none` is known to be outside every park. */
  park: choice({}, { label: '所在园区', ask: '在哪个园区或功能区？', scope: 'enterprise', fixed: true }),
  employees: number({ label: '从业人员', unit: '人', ask: '现有从业人员多少人？', scope: 'enterprise' }),
  revenue: number({ label: '营业收入', unit: '万元', ask: '上年度营业收入多少万元？', scope: 'enterprise' }),
  assets: number({ label: '资产总额', unit: '万元', ask: '上年末资产总额多少万元？', scope: 'enterprise' }),
  energyTce: number({ label: '年综合能耗', unit: '吨标准煤', ask: '年综合能源消费量多少吨标准煤？', scope: 'enterprise' }),
  registeredOn: date({ label: '成立日期', ask: '营业执照上的成立日期？', scope: 'enterprise', fixed: true }),
  hardship: flag({ label: '经营困难', ask: '是否暂时出现生产经营困难？', scope: 'enterprise' }),
  epidemicAffected: flag({ label: '受疫情影响', ask: '是否受疫情影响较大？', scope: 'enterprise' }),
  resumedWork: flag({ label: '复工复产', ask: '是否为复工复产企业？', scope: 'enterprise' }),
  buildsTopStandard: flag({ label: '建有或拟建企业最高计量标准', ask: '是否建有或准备建立本企业的最高计量标准？', scope: 'enterprise' }),
  externalCalibration: flag({ label: '对外开展检定校准', ask: '是否用自己的计量标准对外开展检定、校准？', scope: 'enterprise' }),
  traceable: flag({ label: '满足计量溯源性', ask: '最高计量标准能否溯源到国家计量基准或社会公用计量标准？', scope: 'enterprise' }),
  hasTechnicalNeed: flag({ label: '有计量测试技术需求', ask: '是否有需要解决的计量测试技术需求？', scope: 'enterprise' }),
  keyEnergyUser: flag({ label: '重点用能单位', ask: '是否列入重点用能单位？', scope: 'enterprise', fixed: true }),
  highEnergyUse: flag({ label: '高耗能企业', ask: '是否属于高耗能企业？', scope: 'enterprise', fixed: true }),
  fiscalHardship: flag({ label: '财政保障困难', ask: '所在县财政保障是否困难？', scope: 'enterprise', fixed: true }),
  qualifications: set(
    {
      'high-tech': '高新技术企业',
      'tech-sme': '科技型中小企业',
      'innovative-sme': '创新型中小企业',
      'specialised-sme': '专精特新中小企业',
      'little-giant': '专精特新“小巨人”企业',
      'above-scale': '规模以上企业',
      cnas: 'CNAS 认可实验室',
      cma: '检验检测机构资质认定',
      'ms-cert': '测量管理体系认证',
      'chain-leader': '产业链龙头企业',
    },
    { label: '资质', ask: '持有下列哪些资质？', scope: 'enterprise' },
  ),
  /** What a firm does where no industry code says it. */
  activities: set(
    {
      'instrument-maker': '计量器具制造',
      'crm-producer': '标准物质研制生产',
      'water-meter-maker': '水表制造',
      'gas-meter-maker': '燃气表制造',
      'charging-operator': '充电设施运营',
      'market-operator': '集贸市场开办',
      'market-stall': '集贸市场固定摊位经营',
      'street-stall': '小摊小店（含非集贸市场）',
      'taxi-operator': '出租汽车客运',
      optician: '眼镜零售验配',
      'grain-storage': '粮食收储',
      'grain-business': '涉粮经营',
      'school-or-daycare': '学校、午托机构',
      'primary-healthcare': '基层医疗卫生',
      'mask-maker': '防疫物资生产',
      'coal-power': '煤电',
      'coal-chemical': '煤化工',
      'data-centre': '数据中心',
      'lead-enterprise': '大型龙头企业（供给方）',
      'measurement-service': '计量技术服务',
    },
    { label: '业务活动', ask: '从事下列哪些业务？', scope: 'enterprise' },
  ),
  /** Lists that a document names: 首批成员名单, 服务名单, 市场名单. */
  listings: set({}, { label: '名单', ask: '是否列入下列名单？', scope: 'enterprise', fixed: true }),
  /** Kind → count, from the ledger. `{}` is known to have none; a coarse kind (`scale`) may turn out to be any kind below it. */
  instruments: { type: 'holdings', label: '器具', ask: '有哪些计量器具，各多少件？', scope: 'enterprise' },

  // —— one order line
  serviceKind: choice(
    {
      'mandatory-verification': '强制检定',
      'voluntary-verification': '非强制检定',
      calibration: '校准',
      testing: '检测',
      'type-approval': '型式批准',
      'type-evaluation': '型式评价',
      'standard-assessment': '计量标准考核',
      'crm-grading': '标准物质定级',
      'special-equipment': '特种设备检验',
    },
    { label: '服务种类', ask: '要做哪种服务？', scope: 'request' },
  ),
  instrumentKind: code({ label: '器具种类', ask: '是哪种计量器具？', scope: 'request', fixed: true }),
  use: choice(
    {
      trade: '贸易结算',
      safety: '安全防护',
      medical: '医疗卫生',
      environment: '环境监测',
      'top-standard': '企业最高计量标准',
      'epidemic-control': '疫情防控',
      other: '其他',
    },
    { label: '用途', ask: '这件器具用在哪里？', scope: 'request', fixed: true },
  ),
  /** Who owns the institution that would do the work. */
  affiliation: choice(
    { samr: '市场监管总局所属', province: '省级法定', city: '市级法定', county: '县级法定', authorised: '授权', commercial: '社会机构' },
    { label: '机构隶属', ask: '送哪家机构？', scope: 'request' },
  ),
  publicCharging: flag({ label: '面向社会经营', ask: '是否面向社会开放并用于结算？', scope: 'request' }),
  registeredInPlatform: flag({ label: '已在省级系统报备', ask: '是否已在省级系统报备？', scope: 'request' }),
  selfChecked: flag({ label: '自查合格', ask: '是否已自行核查并满足技术要求？', scope: 'request' }),
  acceptedOn: date({ label: '受理日期', ask: '哪天受理？', scope: 'request' }),
  certificateOn: date({ label: '证书日期', ask: '证书是哪天发的？', scope: 'request' }),
  accreditedOn: date({ label: '首次认可日期', ask: '首次获得实验室认可是哪天？', scope: 'request' }),
} as const satisfies Record<string, Common & { type: string }>

export type FactId = keyof typeof facts
type OfType<T extends string> = { [K in FactId]: (typeof facts)[K]['type'] extends T ? K : never }[FactId]
export type CodeFact = Exclude<OfType<'code'>, 'region'>
export type EnumFact = OfType<'enum'>
export type NumberFact = OfType<'number'>
export type DateFact = OfType<'date'>
export type SetFact = OfType<'set'>
export type FlagFact = OfType<'flag'>

/**
 * What is on record. A missing key is unknown. Known-to-be-absent is a value: `[]`, `{}`, `false`, `'none'`.
 * `oneOf`: not known exactly, but known to be among these (size with one indicator missing).
 * A code may be coarse (`330100` when only the city is known): a rule about a county below it is then unknown.
 */
export type FactValue =
  string | number | boolean | readonly string[] | Readonly<Record<string, number>> | { readonly oneOf: readonly string[] }
export type Facts = { readonly [K in FactId]?: FactValue }

/** Start and end that an operator set for an event named in a document; no `to` means that it goes on. */
export interface EventWindow {
  from?: string
  to?: string
}

/** What a decision depends on besides the rule and the facts. */
export interface Setting {
  /** `YYYY-MM-DD` */
  asOf: string
  events: Readonly<Record<string, EventWindow>>
  /** Codes of each named union of places, resolved by the caller (`core/regions`). An id that is not here is unknown, never "no". */
  alliances?: Readonly<Record<string, readonly string[]>>
}
