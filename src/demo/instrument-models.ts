/** What the instruments of the demo world look like, kind by kind: ordinary workshop instruments with ordinary ranges. */
import type { Use } from '../commons/instruments/index.ts'

export interface Model {
  prefix: string
  name: string
  models: readonly (readonly [model: string, range: string, accuracy: string])[]
  /** Months between two verifications or calibrations. */
  months: number
  /** Shares of the uses, in the order of drawing. */
  uses: readonly (readonly [use: Use, detail: string, share: number])[]
  /** List price of one verification or calibration in 元; 强制检定 costs nothing. */
  fee: string
}

const process = [['other', '工艺测量', 1]] as const

export const models: Readonly<Record<string, Model>> = {
  caliper: {
    prefix: 'KC',
    name: '游标卡尺',
    models: [
      ['CD-15', '(0～150) mm', '±0.02 mm'],
      ['CD-20', '(0～200) mm', '±0.03 mm'],
      ['CD-30', '(0～300) mm', '±0.04 mm'],
    ],
    months: 12,
    uses: process,
    fee: '60.00',
  },
  micrometer: {
    prefix: 'QF',
    name: '外径千分尺',
    models: [
      ['QF-25', '(0～25) mm', '±0.004 mm'],
      ['QF-50', '(25～50) mm', '±0.004 mm'],
      ['QF-75', '(50～75) mm', '±0.005 mm'],
    ],
    months: 12,
    uses: process,
    fee: '70.00',
  },
  'dial-indicator': {
    prefix: 'BF',
    name: '百分表',
    models: [['BF-10', '(0～10) mm', '±0.02 mm']],
    months: 12,
    uses: process,
    fee: '55.00',
  },
  'pressure-gauge': {
    prefix: 'YL',
    name: '压力表',
    models: [
      ['Y-100', '(0～1.6) MPa', '1.6级'],
      ['Y-100', '(0～2.5) MPa', '1.6级'],
      ['Y-60', '(0～0.6) MPa', '2.5级'],
      ['YB-150', '(0～10) MPa', '0.4级'],
    ],
    months: 6,
    uses: [
      ['safety', '储气罐、压力容器上的压力表', 0.5],
      ['other', '试验台、管线工艺监测', 0.5],
    ],
    fee: '40.00',
  },
  'pressure-transmitter': {
    prefix: 'BS',
    name: '压力变送器',
    models: [
      ['3051-A', '(0～1.6) MPa', '0.5级'],
      ['3051-B', '(-100～0) kPa', '0.5级'],
    ],
    months: 12,
    uses: process,
    fee: '180.00',
  },
  'gauge-block': {
    prefix: 'LK',
    name: '量块',
    models: [['38块', '(0.5～100) mm', '3级']],
    months: 12,
    uses: [['other', '量具校对', 1]],
    fee: '420.00',
  },
  cmm: {
    prefix: 'SZ',
    name: '三坐标测量机',
    models: [['686', '(0～600) mm', '±0.003 mm']],
    months: 12,
    uses: process,
    fee: '3200.00',
  },
  'scale.electronic': {
    prefix: 'CZ',
    name: '电子秤',
    models: [
      ['ACS-30', '(0～30) kg', 'Ⅲ级'],
      ['TCS-150', '(0～150) kg', 'Ⅲ级'],
    ],
    months: 12,
    uses: [
      ['trade', '销售称重', 0.6],
      ['other', '配料称重', 0.4],
    ],
    fee: '80.00',
  },
  'scale.truck': {
    prefix: 'DB',
    name: '电子汽车衡',
    models: [['SCS-60', '(0～60) t', 'Ⅲ级']],
    months: 12,
    uses: [['trade', '原料进厂结算', 1]],
    fee: '900.00',
  },
  thermocouple: {
    prefix: 'RD',
    name: '工作用热电偶',
    models: [['WRN-130', '(0～600) ℃', 'Ⅱ级']],
    months: 12,
    uses: process,
    fee: '120.00',
  },
  'ph-meter': {
    prefix: 'PH',
    name: 'pH计',
    models: [['PHS-3C', '(0～14) pH', '0.01级']],
    months: 12,
    uses: [
      ['environment', '外排水在线监测比对', 0.4],
      ['other', '工艺水质测量', 0.6],
    ],
    fee: '200.00',
  },
  'electronic-instrument': {
    prefix: 'DZ',
    name: '数字多用表',
    models: [['DM-6', '(0～1000) V', '±0.05%']],
    months: 12,
    uses: process,
    fee: '260.00',
  },
  'top-standard': {
    prefix: 'BZ',
    name: '二等活塞式压力计标准装置',
    models: [['YS-60', '(0.1～6) MPa', '0.05级']],
    months: 24,
    uses: [['top-standard', '企业最高计量标准', 1]],
    fee: '1500.00',
  },
  optometer: {
    prefix: 'YG',
    name: '电脑验光仪',
    models: [['AR-8', '', '']],
    months: 12,
    uses: [['medical', '验光配镜', 1]],
    fee: '150.00',
  },
  lensmeter: {
    prefix: 'JD',
    name: '焦度计',
    models: [['JD-20', '', '']],
    months: 12,
    uses: [['medical', '验光配镜', 1]],
    fee: '150.00',
  },
  'trial-lens-set': {
    prefix: 'XP',
    name: '验光镜片箱',
    models: [['266片', '', '']],
    months: 24,
    uses: [['medical', '验光配镜', 1]],
    fee: '150.00',
  },
}
