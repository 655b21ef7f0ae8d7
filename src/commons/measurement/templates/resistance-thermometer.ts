/** 工业铂热电阻 (JJG 229-2010). Numbers from memory of the regulation: 待核实 until the tester has compared them. */
import type { Template } from '../template.ts'

/** R(t)/R0 at and above 0 ℃: 1 + A·t + B·t² (GB/T 30121, IEC 60751). */
const ratio = (at: string) => `(1 + 0.0039083*${at} - 0.0000005775*${at}^2)`
const slope = (at: string) => `(0.0039083 - 2*0.0000005775*${at})`

export const resistanceThermometer: Template = {
  id: 'resistance-thermometer',
  edition: '2026-11',
  title: '工业铂热电阻',
  kinds: ['resistance-thermometer'],
  verification: { number: 'JJG 229-2010', title: '工业铂、铜热电阻检定规程', trust: 'model-knowledge' },
  calibration: { number: 'JJG 229-2010', title: '工业铂、铜热电阻检定规程', trust: 'model-knowledge', followed: true },
  months: 12,
  unit: '℃',
  quantity: 'temperature',
  ambient: [
    { name: 't', label: '环境温度', unit: '℃', low: 15, high: 35 },
    { name: 'h', label: '相对湿度', unit: '%RH', low: 0, high: 80 },
  ],
  parameters: [
    { name: 'R0', label: '标称电阻 R0', unit: 'Ohm', usual: '100' },
    { name: 'a', label: '允差：常数项', unit: '℃', byClass: { AA: '0.10', A: '0.15', B: '0.30', C: '0.60' }, help: 'A 级 0.15，B 级 0.30' },
    { name: 'b', label: '允差：与温度成正比的系数', byClass: { AA: '0.0017', A: '0.002', B: '0.005', C: '0.01' } },
    { name: 'dmm', label: '电测设备最大允许误差 ±', unit: 'Ohm', usual: '0.01' },
    { name: 'bath', label: '恒温槽均匀性（最大温差）', unit: '℃', usual: '0.02' },
    { name: 'drift', label: '恒温槽 10 min 波动（±）', unit: '℃', usual: '0.02' },
  ],
  points: [{ at: '0' }, { at: '100' }],
  columns: [
    { name: 's', label: '槽温（标准器修正后）' },
    { name: 'r', label: '电阻', unit: 'Ohm' },
  ],
  repeats: 4,
  judged: ['r'],
  // The temperature that the resistance means, near the temperature of the bath.
  indication: `s + (y - R0*${ratio('s')})/(R0*${slope('s')})`,
  reference: 's',
  error: `(y - R0*${ratio('s')})/(R0*${slope('s')})`,
  limit: { pieces: [{ is: 'a + b*abs(x)' }], clause: '允差', trust: 'model-knowledge' },
  checks: [],
  seen: [
    { name: 'appearance', label: '外观' },
    { name: 'insulation', label: '常温绝缘电阻' },
  ],
  budget: {
    model: `(R + δR - R0*${ratio('(Ts + δs)')})/(R0*${slope('Ts')}) + δb + δd`,
    inputs: [
      { name: 'R', label: '电阻重复测量', evaluation: { kind: 'range' } },
      { name: 'δR', label: '电测设备', evaluation: { kind: 'half-width', shape: 'rectangular', halfWidth: 'dmm' } },
      { name: 'Ts', label: '标准器', evaluation: { kind: 'standard' }, value: 's' },
      { name: 'δs', label: '标准器读数变动', evaluation: { kind: 'half-width', shape: 'rectangular', halfWidth: 's_range/2' } },
      { name: 'δb', label: '恒温槽均匀性', evaluation: { kind: 'half-width', shape: 'rectangular', halfWidth: 'bath/2' } },
      { name: 'δd', label: '恒温槽波动', evaluation: { kind: 'half-width', shape: 'arcsine', halfWidth: 'drift' } },
    ],
    trust: 'model-knowledge',
  },
  standard: { label: '标准铂电阻温度计', ratio: 1 / 3, clause: 'JJF 1094：标准器的不确定度不大于最大允许误差绝对值的 1/3' },
}
