/** 通用卡尺 (JJG 30-2012). Numbers from memory of the regulation: 待核实 until the tester has compared them. */
import type { Template } from '../template.ts'

export const caliper: Template = {
  id: 'caliper',
  edition: '2026-11',
  title: '卡尺',
  kinds: ['caliper', 'height-gauge'],
  verification: { number: 'JJG 30-2012', title: '通用卡尺检定规程', trust: 'model-knowledge' },
  calibration: { number: 'JJG 30-2012', title: '通用卡尺检定规程（参照）', trust: 'model-knowledge' },
  months: 12,
  unit: 'mm',
  quantity: 'length',
  ambient: [
    { name: 't', label: '环境温度', unit: '℃', low: 15, high: 25 },
    { name: 'h', label: '相对湿度', unit: '%RH', low: 0, high: 80 },
  ],
  parameters: [
    { name: 'high', label: '测量上限', unit: 'mm', from: 'high' },
    { name: 'division', label: '分度值', unit: 'mm', usual: '0.02', help: '数显卡尺填 0.01' },
    { name: 'dT', label: '卡尺与量块的温差（不超过）', unit: '℃', usual: '1' },
  ],
  points: [{ at: '0.1*high' }, { at: '0.2*high' }, { at: '0.4*high' }, { at: '0.6*high' }, { at: '0.8*high' }, { at: 'high' }],
  columns: [{ name: 'r', label: '读数' }],
  repeats: 3,
  judged: ['r'],
  indication: 'y',
  reference: 'x',
  error: 'y - x',
  limit: {
    // Divisions 0.01 and 0.02; those of 0.05 and 0.10 are corrected by hand, with their source.
    pieces: [
      { upTo: '150', is: '0.02' },
      { upTo: '200', is: '0.03' },
      { upTo: '300', is: '0.04' },
      { upTo: '500', is: '0.05' },
      { upTo: '1000', is: '0.07' },
    ],
    over: 'high',
    clause: '示值误差（分度值 0.01 mm、0.02 mm，按测量上限）',
    trust: 'model-knowledge',
  },
  checks: [{ name: 'repeat', label: '示值变动', clause: '不大于分度值', value: 'r_range', limit: 'division', trust: 'model-knowledge' }],
  seen: [
    { name: 'appearance', label: '外观' },
    { name: 'action', label: '各部分相互作用' },
    { name: 'faces', label: '量爪测量面' },
  ],
  budget: {
    model: 'L - Ls + δr + x*α*δT',
    inputs: [
      { name: 'L', label: '重复测量', evaluation: { kind: 'range' } },
      { name: 'Ls', label: '量块', evaluation: { kind: 'standard' }, value: 'x' },
      { name: 'δr', label: '分度值', evaluation: { kind: 'resolution', step: 'division' } },
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
