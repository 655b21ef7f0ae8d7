/** What calipers and micrometers have in common: read three times at a gauge block, whose length and temperature enter the budget. */
import type { Ambient, BudgetInput, Template } from '../template.ts'

export const withGaugeBlocks = {
  edition: '2026-11',
  months: 12,
  unit: 'mm',
  quantity: 'length',
  columns: [{ name: 'r', label: '读数' }],
  repeats: 3,
  judged: ['r'],
  indication: 'y',
  reference: 'x',
  error: 'y - x',
  standard: { label: '量块', ratio: 1 / 3, clause: 'JJF 1094：标准器的不确定度不大于最大允许误差绝对值的 1/3' },
} as const satisfies Partial<Template>

/** 20 ℃ ± 5 ℃; how humid it may be, each regulation says. */
export const roomOf = (humid: number): readonly Ambient[] => [
  { name: 't', label: '环境温度', unit: '℃', low: 15, high: 25 },
  { name: 'h', label: '相对湿度', unit: '%RH', low: 0, high: humid },
]

/** `faces`: what is looked at on the measuring faces. */
export const seenWith = (faces: string): Template['seen'] => [
  { name: 'appearance', label: '外观' },
  { name: 'action', label: '各部分相互作用' },
  { name: 'faces', label: faces },
]

/** `reading`: what a reading resolves, and how that is called. */
export const budgetWith = (reading: { label: string; step: string }): Template['budget'] => ({
  model: 'L - Ls + δr + x*α*δT',
  inputs: [
    { name: 'L', label: '重复测量', evaluation: { kind: 'range' } },
    { name: 'Ls', label: '量块', evaluation: { kind: 'standard' }, value: 'x' },
    { name: 'δr', label: reading.label, evaluation: { kind: 'resolution', step: reading.step } },
    ...temperature,
  ],
  trust: 'model-knowledge',
})

/** Steel of instrument and blocks; they differ by at most `dT`. */
const temperature: readonly BudgetInput[] = [
  {
    name: 'α',
    label: '线膨胀系数（1/℃）',
    evaluation: { kind: 'half-width', shape: 'rectangular', halfWidth: '0.000001' },
    value: '0.0000115',
  },
  { name: 'δT', label: '温差（℃）', evaluation: { kind: 'half-width', shape: 'rectangular', halfWidth: 'dT' } },
]
