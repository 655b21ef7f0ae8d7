/** 千分尺 (JJG 21-2008). Numbers from memory of the regulation: 待核实 until the tester has compared them. */
import type { Template } from '../template.ts'

export const micrometer: Template = {
  id: 'micrometer',
  edition: '2026-11',
  title: '千分尺',
  kinds: ['micrometer'],
  verification: { number: 'JJG 21-2008', title: '千分尺检定规程', trust: 'model-knowledge' },
  calibration: { number: 'JJG 21-2008', title: '千分尺检定规程（参照）', trust: 'model-knowledge' },
  months: 12,
  unit: 'mm',
  quantity: 'length',
  ambient: [
    { name: 't', label: '环境温度', unit: '℃', low: 15, high: 25 },
    { name: 'h', label: '相对湿度', unit: '%RH', low: 0, high: 70 },
  ],
  parameters: [
    { name: 'low', label: '测量下限', unit: 'mm', from: 'low', usual: '0' },
    { name: 'high', label: '测量上限', unit: 'mm', from: 'high' },
    { name: 'division', label: '分度值', unit: 'mm', usual: '0.01', help: '数显千分尺填 0.001' },
    { name: 'dT', label: '千分尺与量块的温差（不超过）', unit: '℃', usual: '0.5' },
  ],
  points: ['5.12', '10.24', '15.36', '21.5', '25'].map((at) => ({ at: `low + ${at}` })),
  columns: [{ name: 'r', label: '读数' }],
  repeats: 3,
  judged: ['r'],
  indication: 'y',
  reference: 'x',
  error: 'y - x',
  limit: {
    pieces: [
      { upTo: '50', is: '0.004' },
      { upTo: '100', is: '0.005' },
      { upTo: '150', is: '0.006' },
      { upTo: '200', is: '0.007' },
      { upTo: '300', is: '0.009' },
    ],
    over: 'high',
    clause: '示值误差（按测量上限）',
    trust: 'model-knowledge',
  },
  checks: [],
  seen: [
    { name: 'appearance', label: '外观' },
    { name: 'action', label: '各部分相互作用' },
    { name: 'faces', label: '测量面平面度、平行度' },
  ],
  budget: {
    model: 'L - Ls + δr + x*α*δT',
    inputs: [
      { name: 'L', label: '重复测量', evaluation: { kind: 'range' } },
      { name: 'Ls', label: '量块', evaluation: { kind: 'standard' }, value: 'x' },
      { name: 'δr', label: '估读（分度值的 1/10）', evaluation: { kind: 'resolution', step: 'division/10' } },
      {
        name: 'α',
        label: '线膨胀系数（1/℃）',
        evaluation: { kind: 'half-width', shape: 'rectangular', halfWidth: '0.000001' },
        value: '0.0000115',
      },
      { name: 'δT', label: '温差（℃）', evaluation: { kind: 'half-width', shape: 'rectangular', halfWidth: 'dT' } },
    ],
    trust: 'model-knowledge',
  },
  standard: { label: '量块', ratio: 1 / 3, clause: 'JJF 1094：标准器的不确定度不大于最大允许误差绝对值的 1/3' },
}
