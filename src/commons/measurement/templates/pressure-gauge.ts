/** 一般压力表 (JJG 52-2013). Numbers from memory of the regulation: 待核实 until the tester has compared them. */
import type { Template } from '../template.ts'

export const pressureGauge: Template = {
  id: 'pressure-gauge',
  edition: '2026-11',
  title: '压力表',
  kinds: ['pressure-gauge'],
  verification: { number: 'JJG 52-2013', title: '弹性元件式一般压力表、压力真空表和真空表检定规程', trust: 'model-knowledge' },
  calibration: {
    number: 'JJG 52-2013',
    title: '弹性元件式一般压力表、压力真空表和真空表检定规程',
    trust: 'model-knowledge',
    followed: true,
  },
  months: 6,
  quantity: 'pressure',
  ambient: [
    { name: 't', label: '环境温度', unit: '℃', low: 15, high: 25 },
    { name: 'h', label: '相对湿度', unit: '%RH', low: 0, high: 85 },
  ],
  parameters: [
    { name: 'low', label: '量程下限', unit: 'instrument', from: 'low', usual: '0' },
    { name: 'high', label: '量程上限', unit: 'instrument', from: 'high' },
    { name: 'class', label: '准确度等级', from: 'class', help: '如 1.6，指量程的百分数' },
    { name: 'division', label: '分度值', unit: 'instrument', help: '读数估读到分度值的五分之一' },
  ],
  points: [0, 0.25, 0.5, 0.75, 1].map((part) => ({ at: `low + ${part}*(high - low)` })),
  columns: [
    { name: 'up', label: '升压' },
    { name: 'up_tapped', label: '升压轻敲后' },
    { name: 'down', label: '降压' },
    { name: 'down_tapped', label: '降压轻敲后' },
  ],
  repeats: 1,
  judged: ['up', 'up_tapped', 'down', 'down_tapped'],
  indication: 'y',
  reference: 'x',
  error: 'y - x',
  limit: { pieces: [{ is: 'class/100*(high - low)' }], clause: '示值误差', trust: 'model-knowledge' },
  checks: [
    {
      name: 'hysteresis',
      label: '回程误差',
      clause: '不大于最大允许误差的绝对值',
      value: 'abs(up_tapped - down_tapped)',
      limit: 'mpe',
      trust: 'model-knowledge',
    },
    {
      name: 'tap-up',
      label: '升压轻敲位移',
      clause: '不大于最大允许误差绝对值的 1/2',
      value: 'abs(up_tapped - up)',
      limit: 'mpe/2',
      trust: 'model-knowledge',
    },
    {
      name: 'tap-down',
      label: '降压轻敲位移',
      clause: '不大于最大允许误差绝对值的 1/2',
      value: 'abs(down_tapped - down)',
      limit: 'mpe/2',
      trust: 'model-knowledge',
    },
  ],
  seen: [
    { name: 'appearance', label: '外观' },
    { name: 'pointer', label: '指针偏转平稳性' },
  ],
  budget: {
    model: 'P - Ps + δt',
    inputs: [
      { name: 'P', label: '估读（分度值的 1/5）', evaluation: { kind: 'resolution', step: 'division/5' }, value: 'y' },
      { name: 'Ps', label: '标准器', evaluation: { kind: 'standard' }, value: 'x' },
      {
        name: 'δt',
        label: '温度影响 0.04 %/℃',
        evaluation: { kind: 'half-width', shape: 'rectangular', halfWidth: '0.0004*abs(x)*abs(t - 20)' },
      },
    ],
    trust: 'model-knowledge',
  },
  standard: { label: '标准压力表或活塞式压力计', ratio: 1 / 4, clause: 'JJG 52-2013：标准器最大允许误差绝对值不大于被检的 1/4' },
}
