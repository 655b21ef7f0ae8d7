/** The demo's rule of deferral. */
import { clause, place, policy, sizes, window } from './policy-kit.ts'

export const zhejiangDefer = (year: number, from: string, to: string) =>
  policy({
    slug: 'demo-zj-fee-defer',
    title: `示例·浙江省${year - 1}—${year}年困难小微企业检定校准费用缓收办法`,
    docNumber: `示例浙计〔${year - 1}〕2号`,
    issuer: '示例·浙江省计量主管部门',
    level: 'province',
    regionCode: '330000',
    regionName: '浙江省',
    publishedOn: from,
    effectiveFrom: from,
    effectiveTo: to,
    steps: ['在“费用”里选要缓的费用和付款日期', '马上生效，不用审批'],
    clauses: [
      clause('c1', '第二条', '本办法适用于注册在本省、暂时出现生产经营困难的小型、微型企业和个体工商户。'),
      clause('c2', '第三条', `${year - 1}年和${year}年内受理的检定、校准费用可以缓收九十天，可以分次缴纳。`),
      clause('c3', '第四条', '缓收期内，计量技术机构照常受理、检测和出具证书，不得以未缴费为由停止服务。'),
    ],
    rule: {
      op: 'all',
      of: [
        place('330000', 'c1'),
        sizes(['small', 'micro', 'individual'], 'c1'),
        { op: 'flag', fact: 'hardship', src: 'c1' },
        window(from, to, 'c2'),
      ],
    },
    benefits: [{ kind: 'defer', appliesTo: '检定费、校准费', detail: '缓收 90 天，可以分次缴', deferDays: 90, src: 'c2' }],
    card: {
      oneLine: '一时周转不开，检定校准费可以晚三个月再交',
      who: '注册在浙江、经营困难的小型、微型企业和个体工商户',
      gives: '缓收 90 天，期间检测和证书照常',
      how: '在“费用”里选单子和日期，马上生效',
      until: `${to} 前受理的业务`,
      basis: `示例浙计〔${year - 1}〕2号 第二条至第四条`,
    },
    interpretation: {
      questions: [{ q: '没交钱能拿到证书吗？', a: '能，欠费不欠服务，证书照发，随时可以下载。' }],
      example: '示例·某摊主有一百元校准费，缓到三个月后分两次付清，当天就能取证书。',
      notFor: ['经营正常的企业', '中型和大型企业'],
    },
  })
