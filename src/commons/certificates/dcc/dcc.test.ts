import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../../core/refusal.ts'
import { anyContent } from '../arbitrary.ts'
import { contentProblem } from '../problem.ts'
import { calibrated, failed, passed } from '../samples.ts'
import { reference } from './fixtures.server.ts'
import { digitalOf } from './model.ts'
import { readDcc } from './read.ts'
import { schemaProblem } from './schema.server.ts'
import { writeDcc } from './write.ts'

const contents = [passed, failed, calibrated, ...fc.sample(anyContent, { numRuns: 1_000, seed: 20261123 })]

const hasLint = (() => {
  try {
    execFileSync('xmllint', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

describe('数字校准证书', () => {
  it('写出再读回，一千份内容都相同', { timeout: 180_000 }, () => {
    for (const content of contents) {
      expect(contentProblem(content)).toBeUndefined()
      expect(readDcc(writeDcc(content))).toEqual(digitalOf(content))
    }
  })

  it.skipIf(!reference || !hasLint)('一千份都通过 PTB 模式校验（xmllint；没有模式或 xmllint 时跳过）', { timeout: 120_000 }, () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'dcc-'))
    try {
      const files = contents.map((content, i) => {
        const file = path.join(folder, `${i}.xml`)
        writeFileSync(file, writeDcc(content))
        return file
      })
      execFileSync('xmllint', ['--noout', '--schema', path.join(reference!, 'schemas/v3.3.0/dcc.xsd'), ...files], { stdio: 'pipe' })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it.skipIf(!reference)('设了模式目录时按模式校验：好的通过，坏的说明哪里不符', () => {
    const schemas = path.join(reference!, 'schemas')
    expect(schemaProblem(writeDcc(passed), '3.3.0', schemas)).toBeUndefined()
    const broken = writeDcc(passed).replace(/<dcc:countryCodeISO3166_1>CN</, '<dcc:countryCodeISO3166_1>中国<')
    expect(schemaProblem(broken, '3.3.0', schemas)?.reason).toContain('不符合 DCC 3.3.0 的模式')
    expect(schemaProblem(broken, '3.3.0', undefined)).toBeUndefined()
  })

  it.skipIf(!reference)('别处的样例能读出编号、机构、数值、单位和不确定度', () => {
    const sample = (name: string) => {
      const read = readDcc(readFileSync(path.join(reference!, 'samples', name), 'utf8'))
      if (isRefusal(read)) throw new Error(read.reason)
      return read
    }
    const temperature = sample('dcc_gp_temperature_typical_v12.xml')
    expect(temperature).toMatchObject({
      version: '3.1.1',
      identifier: 'GP_DCC_temperature_typical_1.2',
      laboratory: { name: 'Kalibrierfirma GmbH' },
    })
    const error = temperature.results.flatMap(({ series }) => series).find(({ refType }) => refType === 'basic_measurementError')!
    expect(error).toMatchObject({ unit: '\\kelvin', values: ['0.072', '0.089', '0.107', '-0.009', '-0.084'] })
    expect(error.U).toEqual(Array(5).fill('0.061'))
    expect(error.k).toEqual(Array(5).fill('2'))
    expect(sample('dcc_gp_humidity_v1.0.xml').results.length).toBeGreaterThan(0)
  })

  it.each([
    ['DOCTYPE', '<!DOCTYPE x [<!ENTITY a "b">]><x/>', 'DOCTYPE'],
    ['别的格式', '<a/>', '根元素不是'],
    ['不认识的版本', '<d:digitalCalibrationCertificate xmlns:d="https://ptb.de/dcc" schemaVersion="2.4.0"/>', '版本是“2.4.0”'],
    ['夹带别的内容', writeDcc(passed).replace('<dcc:coreData>', '<dcc:coreData><x xmlns="urn:x"/>'), '别的格式的内容'],
    ['同一项写了两次', writeDcc(passed).replace(/(<dcc:uniqueIdentifier>.*?<\/dcc:uniqueIdentifier>)/, '$1$1'), '有 2 个'],
    ['缺编号', writeDcc(passed).replace(/<dcc:uniqueIdentifier>.*?<\/dcc:uniqueIdentifier>/, ''), '缺少 dcc:uniqueIdentifier'],
    ['太深', `${'<a>'.repeat(100)}${'</a>'.repeat(100)}`, '层次太深'],
    ['太大', `<a>${' '.repeat(5_000_001)}</a>`, '文件太大'],
    ['不完整', writeDcc(passed).slice(0, -20), '不完整'],
    ['不是数', writeDcc(passed).replace('0.402', '0x10'), '不是数'],
  ])('%s：不读，并说明原因', (_, xml, said) => {
    const read = readDcc(xml)
    expect(isRefusal(read) && read.reason).toContain(said)
  })
})
