/** 千分尺 (JJG 21-2008). Numbers from memory of the regulation: 待核实 until the tester has compared them. */
import type { Template } from '../template.ts'
import { budgetWith, roomOf, seenWith, withGaugeBlocks } from './with-gauge-blocks.ts'

export const micrometer: Template = {
  ...withGaugeBlocks,
  id: 'micrometer',
  title: '千分尺',
  kinds: ['micrometer'],
  verification: { number: 'JJG 21-2008', title: '千分尺检定规程', trust: 'model-knowledge' },
  calibration: { number: 'JJG 21-2008', title: '千分尺检定规程', trust: 'model-knowledge', followed: true },
  ambient: roomOf(70),
  parameters: [
    { name: 'low', label: '测量下限', unit: 'mm', from: 'low', usual: '0' },
    { name: 'high', label: '测量上限', unit: 'mm', from: 'high' },
    { name: 'division', label: '分度值', unit: 'mm', usual: '0.01', help: '数显千分尺填 0.001' },
    { name: 'dT', label: '千分尺与量块的温差（不超过）', unit: '℃', usual: '0.5' },
  ],
  points: ['5.12', '10.24', '15.36', '21.5', '25'].map((at) => ({ at: `low + ${at}` })),
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
  seen: seenWith('测量面平面度、平行度'),
  budget: budgetWith({ label: '估读（分度值的 1/10）', step: 'division/10' }),
}
