import { describe, expect, it } from 'vitest'
import { fieldLabels } from '../draft.ts'
import { assign, guessLayout, sheetFields } from './columns.ts'
import { textsOf } from './sheet-texts.ts'

const fieldsOf = (headers: string) => assign(headers.split('|')).map(({ field }) => field ?? '-')

describe('认表头', () => {
  it('模板自己的表头全部认得', () => {
    expect(assign(sheetFields.map((field) => fieldLabels[field])).map(({ field }) => field)).toEqual(sheetFields)
  })

  // Layouts as enterprises keep them; those of 强检 platforms are reconstructed: 待核实.
  it.each([
    [
      '序号|设备编号|设备名称|规格型号|生产厂家|出厂编号|量程|精度|使用部门|保管人|检定日期|有效期至|检定周期(月)|检定单位|备注',
      '- code name model maker serial range accuracy place keeper lastDoneOn validUntil intervalMonths lastInstitution note',
    ],
    [
      '序号|器具名称|型号规格|测量范围|准确度等级|出厂编号|制造单位|安装使用地点|用途|检定周期|检定日期|有效期至|检定机构|证书编号',
      '- name model range accuracy serial maker place use intervalMonths lastDoneOn validUntil lastInstitution lastCertificateNo',
    ],
    [
      '计量器具名称|型号|规格|编号|生产单位|安装位置|强检用途|检定结论|下次检定日期',
      'name model - code maker place use lastConclusion validUntil',
    ],
    [
      '资产编号|仪器名称|S/N|校准日期|下次校准日期|校准机构|校准费用|状态',
      'code name serial lastDoneOn validUntil lastInstitution lastFee state',
    ],
    [
      'Asset No|Name|Model|Serial Number|Range|Accuracy|Location|Calibration Date|Due Date|Status',
      'code name model serial range accuracy place lastDoneOn validUntil state',
    ],
    ['管理编号*|量具名称*|测量范围（mm）|分度值|保管人|检校日期|到期日', 'code name range - keeper lastDoneOn validUntil'],
    [
      '统一编号|名称|溯源方式|确认间隔|最近检定日期|溯源单位|管理状态',
      'code name lastKind intervalMonths lastDoneOn lastInstitution state',
    ],
    ['内部编号|品名|购置日期|启用日期|工位|有效期', 'code name boughtOn - point validUntil'],
  ])('%s', (headers, fields) => {
    expect(fieldsOf(headers).join(' ')).toBe(fields)
  })

  it('表名、单位名在上面的，跳过；表头在第三行', () => {
    const rows = [
      { row: 1, cells: ['示例·某厂计量器具台账'] },
      { row: 2, cells: ['编制：', '', '2026年'] },
      { row: 3, cells: ['编号', '名称', '量程'] },
      { row: 4, cells: ['1', '压力表', '0-1.6MPa'] },
    ]
    expect(guessLayout(rows)?.headerRow).toBe(3)
    expect(guessLayout(rows.slice(0, 2))).toBeUndefined()
    expect(guessLayout([{ row: 1, cells: ['1', '压力表', '0-1.6MPa'] }])).toBeUndefined()
  })

  it('单位写在表头里，补到没有单位的量程后面', () => {
    const columns = assign(['名称', '测量范围（MPa）'])
    expect(textsOf(columns, ['压力表', '0～1.6'])).toEqual({ name: '压力表', range: '0～1.6 MPa' })
    expect(textsOf(columns, ['压力表', '0～600 kPa'])).toEqual({ name: '压力表', range: '0～600 kPa' })
  })
})
