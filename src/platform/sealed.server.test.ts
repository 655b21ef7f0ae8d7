import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { seal, sealing, unseal } from './sealed.server.ts'

beforeEach(() => sealing({ secret: '测试用的密钥'.repeat(8) }))

describe('加密保存的栏', () => {
  it('任何文字都能原样取回，密文里看不到原文，同一段文字每次的密文都不同', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 4 }), fc.string(), (text, about) => {
        const sealed = seal(text, about)
        expect(unseal(sealed, about)).toBe(text)
        expect(sealed).not.toContain(text)
        expect(seal(text, about)).not.toBe(sealed)
      }),
    )
  })

  it('挪到别人名下、换了密钥、改了一个字节，都打不开', () => {
    const sealed = seal('13812345678', 'person:甲:phone')
    expect(unseal(sealed, 'person:乙:phone')).toBeUndefined()
    const parts = sealed.split('.')
    for (const at of [1, 2, 3]) {
      const bytes = Buffer.from(parts[at]!, 'base64url')
      bytes[0]! ^= 1
      expect(unseal(parts.with(at, bytes.toString('base64url')).join('.'), 'person:甲:phone')).toBeUndefined()
    }
    for (const broken of ['', 'v1', 'v2.a.b.c', '13812345678', 'v1...']) expect(unseal(broken, 'person:甲:phone')).toBeUndefined()
    sealing({ secret: '另一个密钥'.repeat(8) })
    expect(unseal(sealed, 'person:甲:phone')).toBeUndefined()
  })

  it('没有密钥时不会悄悄存成明文', async () => {
    vi.resetModules()
    const fresh = await import('./sealed.server.ts')
    expect(() => fresh.seal('13812345678', 'x')).toThrow('sealing()')
  })
})
