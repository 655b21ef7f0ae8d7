/** 通用卡尺 (JJG 30-2012). Numbers from memory of the regulation: 待核实 until the tester has compared them. */
import type { Template } from '../template.ts'
import { budgetWith, roomOf, seenWith, withGaugeBlocks } from './with-gauge-blocks.ts'

export const caliper: Template = {
  ...withGaugeBlocks,
  id: 'caliper',
  title: '卡尺',
  kinds: ['caliper', 'height-gauge'],
  verification: { number: 'JJG 30-2012', title: '通用卡尺检定规程', trust: 'model-knowledge' },
  calibration: { number: 'JJG 30-2012', title: '通用卡尺检定规程', trust: 'model-knowledge', followed: true },
  ambient: roomOf(80),
  parameters: [
    { name: 'high', label: '测量上限', unit: 'mm', from: 'high' },
    { name: 'division', label: '分度值', unit: 'mm', usual: '0.02', help: '数显卡尺填 0.01' },
    { name: 'dT', label: '卡尺与量块的温差（不超过）', unit: '℃', usual: '1' },
  ],
  points: [{ at: '0.1*high' }, { at: '0.2*high' }, { at: '0.4*high' }, { at: '0.6*high' }, { at: '0.8*high' }, { at: 'high' }],
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
  seen: seenWith('量爪测量面'),
  budget: budgetWith({ label: '分度值', step: 'division' }),
}
