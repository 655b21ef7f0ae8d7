import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { suiteNames, type SuiteName } from '../keys/suites.server.ts'
import { drawCertificate } from '../pdf.server.ts'
import { calibrated, passed } from '../samples.ts'
import { fingerprintOf, makeKey, type KeyPair } from '../x509.server.ts'
import { signPdf } from './sign.server.ts'
import { claimedKeys, verifyPdf } from './verify.server.ts'

const keys = {} as Record<SuiteName, KeyPair>
const files = {} as Record<SuiteName, Buffer>
const markOf = (key: KeyPair) => ({
  checkUrl: 'https://example.org/check/abcdefghijklmnopqrstuv',
  code: '7K3F-9QXA',
  signedBy: passed.people.approver,
  signedAt: '2026-11-24T02:00:00.000Z',
  fingerprint: fingerprintOf(key.certificate),
  digest: 'cd'.repeat(32),
})
beforeAll(async () => {
  for (const suite of suiteNames) {
    keys[suite] = makeKey({ owner: passed.institution.name, notBefore: '2026-11-01T00:00:00.000Z', suite })
    files[suite] = await signPdf(await drawCertificate(passed, markOf(keys[suite])), keys[suite])
  }
})

const folder = mkdtempSync(path.join(tmpdir(), 'pades-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const has = (program: string, flag: string) => spawnSync(program, [flag]).error === undefined

/** With the keys of both suites on the list. */
const check = (bytes: Uint8Array) =>
  verifyPdf(bytes, (carried) => Object.values(keys).find(({ certificate }) => carried.includes(certificate))?.certificate)

/** The same digits on every run. */
function* digits(seed: number): Generator<number> {
  for (let x = seed; ;) {
    x = (x * 1_103_515_245 + 12_345) % 2_147_483_648
    yield x
  }
}

describe.each(suiteNames)('PDF 里的签名 %s', (suite) => {
  it('覆盖整个文件，有效，说得出是谁的密钥；画好的页面一个字节也没有动', async () => {
    expect(check(files[suite])).toEqual({ standing: 'good', key: keys[suite].certificate })
    expect(claimedKeys(files[suite])).toEqual([keys[suite].certificate])
    const drawn = await drawCertificate(passed, markOf(keys[suite]))
    const without = (pdf: Buffer) =>
      pdf
        .toString('latin1')
        .trimEnd()
        .replace(/\/ByteRange \[[^\]]*\] */, '')
        .replace(/\/Contents <[0-9a-f]*>/, '')
    expect(without(files[suite])).toBe(without(drawn))
  })

  it('随机改动一个字节，五百次都被发现', { timeout: 120_000 }, () => {
    const random = digits(11)
    for (let i = 0; i < 500; i++) {
      const changed = Buffer.from(files[suite])
      // Every tenth in the signature itself, which the byte range leaves out.
      const from = i % 10 === 0 ? changed.indexOf('/ByteRange') : 0
      const where = from + (random.next().value! % (i % 10 === 0 ? 4_200 : changed.length))
      const before = changed[where]!
      changed[where] = (before + 1 + (random.next().value! % 255)) % 256
      expect.soft(check(changed).standing, `第 ${where} 字节`).not.toBe('good')
    }
  })
})

describe('PDF 里的签名被人动过', () => {
  it('签名以后添加了内容：说添加了多少；截短的、换了范围的：拒绝', () => {
    const pdf = files['ecdsa-p256']
    expect(check(Buffer.concat([pdf, Buffer.from('\n1 0 obj\n<<>>\nendobj\n')]))).toMatchObject({ standing: 'appended', added: 21 })
    expect(check(pdf.subarray(0, -1))).toMatchObject({ standing: 'broken', reason: expect.stringContaining('ByteRange') })
    const text = pdf.toString('latin1')
    const [range] = /\/ByteRange \[0 \d+ \d+ \d+\]/.exec(text)!
    const shorter = range.replace(/(\d+)\]$/, (_, rest: string) => `${String(Number(rest) - 100).padStart(rest.length, '0')}]`)
    expect(check(Buffer.from(text.replace(range, shorter), 'latin1')).standing).toBe('broken')
  })

  it('别人的真签名搬到这份文件、签名补零处藏了东西、大写的十六进制：拒绝', async () => {
    const key = keys['ecdsa-p256']
    const other = await signPdf(await drawCertificate(calibrated, markOf(key)), key)
    const contents = (pdf: Buffer) => /\/Contents <([0-9a-f]+)>/.exec(pdf.toString('latin1'))![1]!
    const pdf = files['ecdsa-p256']
    const put = (hex: string) => Buffer.from(pdf.toString('latin1').replace(contents(pdf), hex), 'latin1')
    expect(check(put(contents(pdf))).standing).toBe('good')
    expect(check(put(contents(other))).standing).toBe('broken')
    expect(check(put(contents(pdf).replace(/00$/, '01'))).standing).toBe('broken')
    expect(check(put(contents(pdf).toUpperCase())).standing).toBe('broken')
  })

  it('没有签名、不在名单里的密钥：分开说', async () => {
    const stranger = makeKey({ owner: passed.institution.name, notBefore: '2026-11-01T00:00:00.000Z' })
    expect(check(await signPdf(await drawCertificate(passed, markOf(stranger)), stranger))).toEqual({ standing: 'foreign' })
    expect(check(Buffer.from('%PDF-1.7\n%%EOF'))).toEqual({ standing: 'none' })
    // Signed by the stranger, with the certificate of a known key in it.
    const pretended = { privateKey: stranger.privateKey, certificate: keys['ecdsa-p256'].certificate }
    expect(check(await signPdf(await drawCertificate(passed, markOf(stranger)), pretended)).standing).toBe('broken')
  })
})

describe('别的程序怎么看', () => {
  it.skipIf(!has('pdfsig', '-v'))('pdfsig：有效，覆盖整个文件；添加、改动的看得出来（没有 pdfsig 时跳过）', () => {
    const said = (name: string, bytes: Buffer) => {
      writeFileSync(path.join(folder, name), bytes)
      return spawnSync('pdfsig', ['-nocert', path.join(folder, name)]).stdout.toString()
    }
    const pdf = files['ecdsa-p256']
    const genuine = said('genuine.pdf', pdf)
    expect(genuine).toContain('Signature is Valid')
    expect(genuine).toContain('Total document signed')
    expect(genuine).toContain('ETSI.CAdES.detached')
    expect(genuine).toContain('SHA-256')
    const changed = Buffer.from(pdf)
    changed[pdf.length - 40_000]! ^= 1
    expect(said('changed.pdf', changed)).not.toContain('Signature is Valid')
    expect(said('appended.pdf', Buffer.concat([pdf, Buffer.from('\n% more\n')]))).not.toContain('Total document signed')
  })

  it.skipIf(!has('openssl', 'version'))('OpenSSL 核对 CMS：通过；内容差一个字节不通过（没有 OpenSSL 时跳过）', () => {
    const pdf = files['ecdsa-p256']
    const [, ...numbers] = /\/ByteRange \[0 (\d+) (\d+) (\d+)\]/.exec(pdf.toString('latin1'))!
    const [before, after] = numbers.map(Number) as [number, number]
    const covered = Buffer.concat([pdf.subarray(0, before), pdf.subarray(after)])
    const cms = Buffer.from(pdf.subarray(before + 1, after - 1).toString('latin1'), 'hex')
    writeFileSync(path.join(folder, 'cms.der'), cms.subarray(0, 4 + cms.readUInt16BE(2)))
    writeFileSync(path.join(folder, 'key.crt'), keys['ecdsa-p256'].certificate)
    const verify = (content: Buffer) => {
      writeFileSync(path.join(folder, 'covered'), content)
      const at = (name: string) => path.join(folder, name)
      const args = ['-in', at('cms.der'), '-content', at('covered'), '-certfile', at('key.crt'), '-noverify', '-out', at('out')]
      return spawnSync('openssl', ['cms', '-verify', '-binary', '-inform', 'DER', ...args]).status
    }
    expect(verify(covered)).toBe(0)
    covered[1_000]! ^= 1
    expect(verify(covered)).not.toBe(0)
  })
})
