import { crc32, deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { archiveLimits, checkArchive } from './archive.server.ts'

interface Part {
  name: string
  content: Buffer
  stored?: boolean
  encrypted?: boolean
  /** Bytes behind the entry. */
  tail?: Buffer
  /** Packed size that the directory claims. */
  claimed?: number
}

/** A container after APPNOTE.TXT 4.3, as broken as the test wants it. */
function zip(parts: readonly Part[], { before = Buffer.alloc(0), comment = '' } = {}): Buffer {
  const chunks: Buffer[] = [before]
  const directory: Buffer[] = []
  const length = () => chunks.reduce((sum, each) => sum + each.length, 0)
  for (const { name, content, stored, encrypted, tail, claimed } of parts) {
    const packed = stored ? content : deflateRawSync(content)
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(encrypted ? 1 : 0, 2)
    shared.writeUInt16LE(stored ? 0 : 8, 4)
    shared.writeUInt32LE(crc32(content), 10)
    shared.writeUInt32LE(claimed ?? packed.length, 14)
    shared.writeUInt32LE(content.length, 18)
    shared.writeUInt16LE(name.length, 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(length(), 10)
    directory.push(Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), shared, place, Buffer.from(name))
    chunks.push(Buffer.from('PK\u0003\u0004'), shared, Buffer.from(name), packed, tail ?? Buffer.alloc(0))
  }
  const begin = length()
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(parts.length, 4)
  end.writeUInt16LE(parts.length, 6)
  end.writeUInt32LE(listed.length, 8)
  end.writeUInt32LE(begin, 12)
  end.writeUInt16LE(comment.length, 16)
  return Buffer.concat([...chunks, listed, Buffer.from('PK\u0005\u0006'), end, Buffer.from(comment)])
}

const a: Part = { name: 'a.txt', content: Buffer.from('甲'.repeat(1000)) }
const b: Part = { name: 'b.txt', content: Buffer.from('乙'), stored: true }
const small = { ...archiveLimits, unpacked: 5000 }

describe('压缩包', () => {
  it('完好的列出各部分，带注释和数据描述的也是', async () => {
    expect(await checkArchive(zip([a, b], { comment: 'from somewhere' }))).toEqual(['a.txt', 'b.txt'])
    expect(await checkArchive(zip([{ ...a, tail: Buffer.alloc(16) }, b]))).toEqual(['a.txt', 'b.txt'])
    expect(await checkArchive(zip([]))).toEqual([])
  })

  it('太大的、部分太多的、有密码的，说明原因', async () => {
    expect(await checkArchive(zip([a]), { ...archiveLimits, packed: 10 })).toContain('超过')
    expect(await checkArchive(zip([a, b]), { ...archiveLimits, entries: 1 })).toBe('含有 2 个部分，最多 1 个')
    expect(await checkArchive(zip([{ ...a, encrypted: true }]))).toBe('设有密码')
  })

  it('解开后的大小按实际数，各部分合计', async () => {
    expect(await checkArchive(zip([a, b]), small)).toEqual(['a.txt', 'b.txt'])
    expect(await checkArchive(zip([a, { ...a, name: 'c.txt' }]), small)).toBe('解开后太大')
    expect(
      await checkArchive(
        zip([
          { ...a, stored: true },
          { ...a, name: 'c.txt', stored: true },
        ]),
        small,
      ),
    ).toBe('解开后太大')
  })

  it('目录之外藏有内容的、大小对不上的、数据不对的，都算损坏', async () => {
    const hidden = Buffer.from(zip([a]).subarray(0, 60))
    expect(await checkArchive(zip([a, b], { before: hidden }))).toBe('已损坏')
    expect(await checkArchive(zip([{ ...a, tail: hidden }, b]))).toBe('已损坏')
    expect(await checkArchive(zip([a, { ...b, tail: hidden }]))).toBe('已损坏')
    expect(await checkArchive(zip([{ ...a, claimed: 3 }]))).toBe('已损坏')
    expect(await checkArchive(zip([{ ...a, claimed: 3, tail: Buffer.alloc(0) }, b]))).toBe('已损坏')
    const changed = zip([a])
    changed.fill(0xff, 40, 46)
    expect(await checkArchive(changed)).toBe('已损坏')
  })

  it('截断的和根本不是压缩包的', async () => {
    const whole = zip([a, b])
    for (const cut of [0, 10, 21, 60, whole.length - 1]) expect(await checkArchive(whole.subarray(0, cut)), String(cut)).toBe('已损坏')
    expect(await checkArchive(Buffer.from('名称,地区\n甲,乙'.repeat(100)))).toBe('已损坏')
  })
})
