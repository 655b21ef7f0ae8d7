/**
 * The demo world: who and what, as data. All names are fictional (「示例·…」), codes have valid check characters and an
 * area that no real registration has. Deterministic; dates are relative to the day it is told.
 */
import type { OrganisationKind } from '../commons/people/index.ts'
import type { DemoPerson } from './tours.ts'

export interface DemoOrg {
  key: string
  kind: OrganisationKind
  name: string
  region: string
}

/** Bodies other than enterprises. */
export const bodies: DemoOrg[] = [
  { key: 'samr', kind: 'authority', name: '示例·国家计量主管部门', region: '000000' },
  { key: 'zj', kind: 'authority', name: '示例·浙江省计量主管部门', region: '330000' },
  { key: 'ah', kind: 'authority', name: '示例·安徽省计量主管部门', region: '340000' },
  { key: 'hb', kind: 'authority', name: '示例·湖北省计量主管部门', region: '420000' },
  { key: 'hz', kind: 'authority', name: '示例·杭州市计量主管部门', region: '330100' },
  { key: 'xs', kind: 'authority', name: '示例·萧山区计量主管部门', region: '330109' },
  { key: 'zj-inst', kind: 'metrology-institution', name: '示例·浙江省计量科学研究院', region: '330000' },
  { key: 'hz-inst', kind: 'metrology-institution', name: '示例·杭州市计量检测院', region: '330100' },
  { key: 'xs-inst', kind: 'metrology-institution', name: '示例·萧山区计量检测所', region: '330109' },
  { key: 'ah-inst', kind: 'metrology-institution', name: '示例·安徽省计量科学研究院', region: '340000' },
  { key: 'aq-inst', kind: 'metrology-institution', name: '示例·安庆市计量检测所', region: '340800' },
  { key: 'wh-inst', kind: 'metrology-institution', name: '示例·武汉市计量测试所', region: '420100' },
  { key: 'lab-a', kind: 'institution', name: '示例·龙头企业开放实验室', region: '330100' },
  { key: 'lab-b', kind: 'institution', name: '示例·高校精密测量实验室', region: '420100' },
  { key: 'centre-a', kind: 'metrology-institution', name: '示例·泵阀产业计量测试中心', region: '330300' },
  { key: 'centre-b', kind: 'metrology-institution', name: '示例·新能源汽车产业计量测试中心', region: '340100' },
  { key: 'centre-c', kind: 'metrology-institution', name: '示例·光电产业计量测试中心', region: '420100' },
  { key: 'committee', kind: 'other', name: '示例·压力计量技术委员会', region: '000000' },
  { key: 'bank', kind: 'bank', name: '示例·科创银行杭州分行', region: '330100' },
  { key: 'hub', kind: 'platform', name: '示例·平台运营中心', region: '000000' },
]

/** One click each; the first of every role is shown first. */
export const people: DemoPerson[] = [
  {
    login: 'demo-enterprise',
    name: '示例·周质量',
    role: 'enterprise',
    org: 'e-hz-1',
    duty: 'manager',
    about: '杭州一家 42 人精密机械厂的质量主管',
  },
  {
    login: 'demo-legal',
    name: '示例·周厂长',
    role: 'enterprise',
    org: 'e-hz-1',
    duty: 'legal-representative',
    about: '同一家厂的法定代表人，可授权和续期',
  },
  {
    login: 'demo-clerk',
    name: '示例·小陈',
    role: 'enterprise',
    org: 'e-hz-1',
    duty: 'clerk',
    about: '经办人，授权已到期，会看到找谁续期',
    expiredDays: 3,
  },
  {
    login: 'demo-new',
    name: '示例·黄厂长',
    role: 'enterprise',
    org: 'e-wz-4',
    duty: 'legal-representative',
    about: '温州一家刚加入的厂，台账还是空的',
  },
  {
    login: 'demo-newcomer',
    name: '示例·小林',
    role: 'enterprise',
    org: 'e-wz-4',
    duty: 'clerk',
    about: '刚入职，还没有授权，等法定代表人授权',
    unseated: true,
  },
  {
    login: 'demo-individual',
    name: '示例·老吴',
    role: 'enterprise',
    org: 'e-xs-1',
    duty: 'legal-representative',
    about: '萧山区菜场摊主，个体工商户',
  },
  {
    login: 'demo-past-term',
    name: '示例·孙店主',
    role: 'enterprise',
    org: 'e-xs-5',
    duty: 'legal-representative',
    about: '萧山区眼镜店，缓缴期满还没付清',
  },
  {
    login: 'demo-anqing',
    name: '示例·汪主管',
    role: 'enterprise',
    org: 'e-aq-1',
    duty: 'manager',
    about: '安庆一家怀宁县小微企业的质量主管',
  },
  { login: 'demo-wuhan', name: '示例·刘工', role: 'enterprise', org: 'e-wh-1', duty: 'manager', about: '武汉光电企业的计量负责人' },
  { login: 'demo-county', name: '示例·县局沈工', role: 'regulator', org: 'xs', duty: 'staff', about: '区县监管人员：只看本区' },
  { login: 'demo-city', name: '示例·市局王工', role: 'regulator', org: 'hz', duty: 'staff', about: '市级监管人员：看全市' },
  { login: 'demo-province', name: '示例·省局李工', role: 'regulator', org: 'zj', duty: 'staff', about: '省级监管人员：起草和提交政策' },
  { login: 'demo-province-2', name: '示例·省局赵处', role: 'regulator', org: 'zj', duty: 'staff', about: '省级监管人员：复核和发布政策' },
  { login: 'demo-national', name: '示例·国家局孙工', role: 'regulator', org: 'samr', duty: 'staff', about: '国家级监管人员：看全国' },
  { login: 'demo-counter', name: '示例·窗口小何', role: 'counter', org: 'hz-inst', duty: 'staff', about: '计量技术机构窗口' },
  { login: 'demo-tester', name: '示例·检测员老郑', role: 'tester', org: 'hz-inst', duty: 'staff', about: '计量技术机构检测员' },
  {
    login: 'demo-checker',
    name: '示例·核验员小蒋',
    role: 'tester',
    org: 'hz-inst',
    duty: 'staff',
    about: '计量技术机构核验员：核验同事的检定',
  },
  { login: 'demo-approver', name: '示例·批准人钱工', role: 'approver', org: 'hz-inst', duty: 'staff', about: '计量技术机构授权签字人' },
  { login: 'demo-finance', name: '示例·财务小冯', role: 'finance', org: 'hz-inst', duty: 'staff', about: '计量技术机构财务' },
  {
    login: 'demo-finance-2',
    name: '示例·财务老葛',
    role: 'finance',
    org: 'hz-inst',
    duty: 'staff',
    about: '同一机构的另一位财务：批准补减',
  },
  { login: 'demo-expert', name: '示例·压力专家秦工', role: 'expert', org: 'committee', duty: 'staff', about: '压力专业专家' },
  { login: 'demo-secretary', name: '示例·秘书朱工', role: 'secretary', org: 'committee', duty: 'staff', about: '技术委员会秘书' },
  { login: 'demo-steward', name: '示例·管家许工', role: 'steward', org: 'hz-inst', duty: 'staff', about: '企业计量管家' },
  { login: 'demo-lab', name: '示例·实验室何主任', role: 'lab-owner', org: 'lab-a', duty: 'staff', about: '开放实验室负责人' },
  { login: 'demo-reviewer', name: '示例·评审吕工', role: 'reviewer', org: 'centre-a', duty: 'staff', about: '评审专家' },
  { login: 'demo-solver', name: '示例·方案施工', role: 'solver', org: 'centre-a', duty: 'staff', about: '产业计量测试中心技术人员' },
  { login: 'demo-bank', name: '示例·客户经理张', role: 'bank', org: 'bank', duty: 'staff', about: '金融机构客户经理' },
  { login: 'demo-trainer', name: '示例·讲师孔工', role: 'trainer', org: 'zj-inst', duty: 'staff', about: '培训讲师' },
  { login: 'demo-admin', name: '示例·平台管理员', role: 'admin', org: 'hub', duty: 'staff', about: '平台运营' },
]

/** Who acts in the story but is not offered as a one-click role: other provinces' authors and reviewers, two firms of Wenzhou. */
export const regulatorsOffstage: DemoPerson[] = [
  { login: 'demo-anhui', name: '示例·皖局方工', role: 'regulator', org: 'ah', duty: 'staff', about: '起草' },
  { login: 'demo-anhui-2', name: '示例·皖局鲁处', role: 'regulator', org: 'ah', duty: 'staff', about: '复核' },
  { login: 'demo-wenzhou', name: '示例·叶主管', role: 'enterprise', org: 'e-wz-1', duty: 'manager', about: '委托' },
  { login: 'demo-wenzhou-2', name: '示例·季主管', role: 'enterprise', org: 'e-wz-6', duty: 'manager', about: '委托' },
  { login: 'demo-hubei', name: '示例·鄂局余工', role: 'regulator', org: 'hb', duty: 'staff', about: '起草' },
  { login: 'demo-hubei-2', name: '示例·鄂局柯处', role: 'regulator', org: 'hb', duty: 'staff', about: '复核' },
]
