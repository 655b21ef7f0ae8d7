/** Contents for tests, screenshots and measuring. Everything in them is made up and says so. */
import type { CertificateContent, ResultRow } from './content.ts'

const common = {
  demo: true,
  institution: {
    name: '示例·东湾市计量检测院',
    address: '示例省东湾市计量路 1 号',
    phone: '0000-12345678',
    authorisation: '（示例）法计〔2025〕00001号',
  },
  client: { name: '示例·东湾精工阀门厂', address: '示例省东湾市工业园 8 号' },
  place: { where: 'laboratory', address: '本院压力实验室' },
  conditions: [
    { name: '温度', value: '20.3', unit: '℃' },
    { name: '相对湿度', value: '52', unit: '%RH' },
  ],
  people: { tester: '示例·周测', checker: '示例·吴核', approver: '示例·郑批' },
  inspections: [],
  remarks: [],
} as const satisfies Partial<CertificateContent>

const standards = [
  {
    name: '活塞式压力计',
    serial: 'S-0007',
    range: '（0.1～6）MPa',
    uncertainty: '0.05 级',
    certificate: '示例-2026-0456',
    validUntil: '2027-05-31',
  },
  {
    name: '标准压力表',
    serial: 'S-0012',
    range: '（0～1.6）MPa',
    uncertainty: '0.25 级',
    certificate: '示例-2026-0311',
    validUntil: '2027-03-15',
  },
]

const gauge = {
  name: '一般压力表',
  nameEn: 'Pressure gauge',
  maker: '示例·东湾仪表厂',
  model: 'Y-100',
  serial: '20231187',
  code: 'YL-0042',
  range: '（0～1.6）MPa',
  accuracy: '1.6 级',
}

const dates = { received: '2026-11-20', performedFrom: '2026-11-23', performed: '2026-11-23', issued: '2026-11-24' }

const gaugeRow = (nominal: string, indication: string, error: string, verdict: 'pass' | 'fail'): ResultRow => ({
  nominal,
  indication,
  error,
  U: '0.006',
  k: '2',
  lower: '-0.026',
  upper: '0.026',
  verdict,
})

export const passed: CertificateContent = {
  ...common,
  kind: 'verification',
  number: 'JD2026-000001',
  item: gauge,
  dates: { ...dates, validUntil: '2027-05-22' },
  methods: [{ number: 'JJG 52-2013', title: '弹性元件式一般压力表、压力真空表和真空表检定规程' }],
  standards,
  inspections: [{ title: '外观', finding: '符合要求', verdict: 'pass' }],
  tables: [
    {
      title: '示值误差',
      quantity: '压力',
      unit: 'MPa',
      coverage: '0.95',
      rows: [
        gaugeRow('0', '0.000', '0.000', 'pass'),
        gaugeRow('0.4', '0.402', '0.002', 'pass'),
        gaugeRow('0.8', '0.806', '0.006', 'pass'),
        gaugeRow('1.2', '1.194', '-0.006', 'pass'),
        gaugeRow('1.6', '1.598', '-0.002', 'pass'),
      ],
    },
  ],
  conformity: { rule: '简单接受（规程规定，JJF 1094）', guardBand: '0', unit: 'MPa', U: '0.006', k: '2', falseAccept: '0.0003' },
  grade: '1.6级',
}

export const failed: CertificateContent = {
  ...passed,
  kind: 'verification-failure',
  number: 'JD2026-000002',
  item: { ...gauge, serial: '20231188', code: 'YL-0043' },
  dates,
  tables: [
    {
      ...passed.tables[0]!,
      rows: [gaugeRow('0', '0.000', '0.000', 'pass'), gaugeRow('0.8', '0.842', '0.042', 'fail'), gaugeRow('1.6', '1.651', '0.051', 'fail')],
    },
  ],
  grade: undefined as never,
}
delete (failed as { grade?: string }).grade

/** A long table: 60 points of a caliper. */
export const calibrated: CertificateContent = {
  ...common,
  kind: 'calibration',
  number: 'XZ2026-000003',
  people: { tester: common.people.tester, approver: common.people.approver },
  place: { where: 'laboratory', address: '本院长度实验室' },
  item: {
    name: '数显卡尺',
    nameEn: 'Digital caliper',
    maker: '示例·东湾量具厂',
    model: '0～300 mm',
    serial: 'K-88123',
    code: 'KC-0007',
    range: '（0～300）mm',
    accuracy: '分辨力 0.01 mm',
  },
  dates,
  methods: [{ number: 'JJF 2222-2026', title: '（示例）数显卡尺校准规范' }],
  standards: [
    {
      name: '量块',
      serial: 'L-0003',
      range: '（5.12～300）mm',
      uncertainty: '5 等',
      certificate: '示例-2026-0789',
      validUntil: '2027-08-31',
    },
  ],
  inspections: [{ title: '外观及各部分相互作用', finding: '无影响校准的缺陷' }],
  tables: [
    {
      title: '示值误差',
      quantity: '长度',
      unit: 'mm',
      coverage: '0.95',
      rows: Array.from({ length: 60 }, (_, i) => {
        const error = ((i * 7) % 5) - 2
        const nominal = (i + 1) * 5
        return {
          label: `测点 ${i + 1}`,
          nominal: String(nominal),
          reference: `${nominal}.000`,
          indication: (nominal + error / 100).toFixed(2),
          error: (error / 100).toFixed(2),
          U: '0.01',
          k: '2',
        }
      }),
    },
    {
      title: '刀口内量爪尺寸偏差',
      quantity: '长度',
      unit: 'mm',
      coverage: '0.95',
      rows: [{ nominal: '10', indication: '10.01', error: '0.01', U: '0.004', k: '2' }],
    },
  ],
  uncertainty: '扩展不确定度按 JJF 1059.1 评定，主要来源为标准量块、示值重复性、分辨力和温度差；包含概率约 95 %。',
}
