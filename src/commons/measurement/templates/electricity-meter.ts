/** 电子式交流电能表 (JJG 596-2012). Numbers from memory of the regulation: 待核实 until the tester has compared them. */
import type { Template } from '../template.ts'

/** `x` is the load in per cent of the basic current; the error is read in per cent from the standard meter. */
export const electricityMeter: Template = {
  id: 'electricity-meter',
  edition: '2026-11',
  title: '电能表',
  kinds: ['electricity-meter'],
  verification: { number: 'JJG 596-2012', title: '电子式交流电能表检定规程', trust: 'model-knowledge' },
  calibration: { number: 'JJG 596-2012', title: '电子式交流电能表检定规程', trust: 'model-knowledge', followed: true },
  months: 72,
  unit: '%',
  quantity: 'amount-ratio',
  ambient: [
    { name: 't', label: '环境温度', unit: '℃', low: 21, high: 25 },
    { name: 'h', label: '相对湿度', unit: '%RH', low: 0, high: 75 },
  ],
  parameters: [
    { name: 'class', label: '准确度等级', from: 'class', help: '1 或 2' },
    { name: 'step', label: '误差读数的分辨力', unit: '%', usual: '0.01' },
    { name: 'imax', label: '最大电流', unit: 'A', help: '如 60' },
  ],
  points: [
    { at: '5', label: '0.05 Ib，cosφ = 1' },
    { at: '10', label: '0.1 Ib，cosφ = 1' },
    { at: '100', label: 'Ib，cosφ = 1' },
    { at: '400', label: 'Imax，cosφ = 1' },
    { at: '100', label: 'Ib，cosφ = 0.5 L' },
  ],
  columns: [{ name: 'r', label: '误差读数' }],
  repeats: 2,
  judged: ['r'],
  indication: 'y',
  reference: '0',
  error: 'y',
  limit: {
    pieces: [{ upTo: '5', is: '1.5*class' }, { is: 'class' }],
    clause: '基本误差（1 级、2 级，平衡负载）',
    trust: 'model-knowledge',
  },
  checks: [
    {
      name: 'repeat',
      label: '读数之差',
      clause: '两次读数之差不大于基本误差限的 1/5',
      value: 'r_range',
      limit: 'mpe/5',
      trust: 'model-knowledge',
    },
  ],
  seen: [
    { name: 'appearance', label: '外观' },
    { name: 'creep', label: '潜动' },
    { name: 'start', label: '起动' },
    { name: 'constant', label: '仪表常数' },
  ],
  budget: {
    model: 'γ - γs + δr',
    inputs: [
      { name: 'γ', label: '重复测量', evaluation: { kind: 'range' } },
      { name: 'γs', label: '标准表', evaluation: { kind: 'standard' } },
      { name: 'δr', label: '误差读数分辨力', evaluation: { kind: 'resolution', step: 'step' } },
    ],
    trust: 'model-knowledge',
  },
  standard: {
    label: '标准电能表或检定装置',
    ratio: 1 / 3,
    clause: 'JJF 1094：标准器的最大允许误差不大于被检的 1/3',
    cover: { low: '0', high: 'imax', unit: 'A' },
  },
}
