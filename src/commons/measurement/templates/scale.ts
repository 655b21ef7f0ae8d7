/** 数字指示秤 (JJG 539-2016) and 电子天平 (JJG 1036). Numbers from memory of the regulations: 待核实 until the tester has compared them. */
import type { Template } from '../template.ts'

const common = {
  edition: '2026-11',
  quantity: 'mass',
  months: 12,
  columns: [{ name: 'r', label: '示值' }],
  judged: ['r'],
  indication: 'y',
  reference: 'x',
  error: 'y - x',
  seen: [
    { name: 'appearance', label: '外观和标志' },
    { name: 'eccentric', label: '偏载' },
    { name: 'zero', label: '置零准确度' },
  ],
} as const

const budget: Template['budget'] = {
  model: 'I - m + δd',
  inputs: [
    { name: 'I', label: '重复称量', evaluation: { kind: 'range' } },
    { name: 'm', label: '标准砝码', evaluation: { kind: 'standard' }, value: 'x' },
    { name: 'δd', label: '读数分辨力', evaluation: { kind: 'resolution', step: 'd' } },
  ],
  trust: 'model-knowledge',
}

export const scale: Template = {
  ...common,
  id: 'scale',
  title: '数字指示秤',
  kinds: ['scale.electronic', 'scale.bench', 'scale.crane', 'scale.fair', 'scale.platform'],
  verification: { number: 'JJG 539-2016', title: '数字指示秤检定规程', trust: 'model-knowledge' },
  calibration: { number: 'JJG 539-2016', title: '数字指示秤检定规程', trust: 'model-knowledge', followed: true },
  ambient: [
    { name: 't', label: '环境温度', unit: '℃', low: -10, high: 40 },
    { name: 'h', label: '相对湿度', unit: '%RH', low: 0, high: 85 },
  ],
  parameters: [
    { name: 'high', label: '最大秤量 Max', unit: 'instrument', from: 'high' },
    { name: 'e', label: '检定分度值 e', unit: 'instrument', help: '中准确度级 Ⅲ，Max/e 不大于 10000' },
    {
      name: 'd',
      label: '读数分辨力 d',
      unit: 'instrument',
      help: '用闪变点法（每次加 0.1e）求化整前示值的填 0.1e；直接读显示的填显示分度',
    },
  ],
  points: [{ at: '20*e', label: '最小秤量' }, { at: '500*e' }, { at: '2000*e' }, { at: '0.5*high' }, { at: 'high', label: '最大秤量' }],
  repeats: 3,
  limit: {
    pieces: [
      { upTo: '500*e', is: '0.5*e' },
      { upTo: '2000*e', is: 'e' },
      { upTo: '10000*e', is: '1.5*e' },
    ],
    clause: '首次检定最大允许误差（Ⅲ级）',
    trust: 'model-knowledge',
  },
  checks: [
    {
      name: 'repeat',
      label: '重复性',
      clause: '不大于该秤量最大允许误差的绝对值',
      value: 'r_range',
      limit: 'mpe',
      trust: 'model-knowledge',
    },
  ],
  budget,
  standard: { label: '标准砝码', ratio: 1 / 3, clause: 'JJG 539-2016：标准砝码误差不大于最大允许误差的 1/3' },
}

export const balance: Template = {
  ...common,
  id: 'balance',
  title: '电子天平',
  kinds: ['scale.balance'],
  verification: { number: 'JJG 1036-2008', title: '电子天平检定规程', trust: 'model-knowledge' },
  calibration: { number: 'JJF 1847-2020', title: '电子天平校准规范', trust: 'model-knowledge' },
  ambient: [
    { name: 't', label: '环境温度', unit: '℃', low: 15, high: 30 },
    { name: 'h', label: '相对湿度', unit: '%RH', low: 0, high: 80 },
  ],
  parameters: [
    { name: 'high', label: '最大称量 Max', unit: 'instrument', from: 'high' },
    { name: 'e', label: '检定分度值 e', unit: 'instrument' },
    { name: 'd', label: '实际分度值 d', unit: 'instrument' },
    { name: 'low1', label: '0.5e 的上限（e 的个数）', byClass: { Ⅰ: '50000', Ⅱ: '5000', Ⅲ: '500' }, help: 'Ⅰ级 50000，Ⅱ级 5000，Ⅲ级 500' },
    {
      name: 'low2',
      label: '1.0e 的上限（e 的个数）',
      byClass: { Ⅰ: '200000', Ⅱ: '20000', Ⅲ: '2000' },
      help: 'Ⅰ级 200000，Ⅱ级 20000，Ⅲ级 2000',
    },
  ],
  points: [{ at: '0.1*high' }, { at: '0.25*high' }, { at: '0.5*high' }, { at: '0.75*high' }, { at: 'high', label: '最大称量' }],
  repeats: 6,
  limit: {
    pieces: [{ upTo: 'low1*e', is: '0.5*e' }, { upTo: 'low2*e', is: 'e' }, { is: '1.5*e' }],
    clause: '首次检定最大允许误差',
    trust: 'model-knowledge',
  },
  checks: [
    {
      name: 'repeat',
      label: '重复性',
      clause: '不大于该载荷最大允许误差的绝对值',
      value: 'r_range',
      limit: 'mpe',
      trust: 'model-knowledge',
    },
  ],
  budget,
  standard: { label: '标准砝码', ratio: 1 / 3, clause: 'JJG 1036：标准砝码扩展不确定度不大于最大允许误差的 1/3' },
}
