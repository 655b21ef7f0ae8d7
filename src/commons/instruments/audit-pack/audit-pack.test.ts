import { createHash } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { visitor } from '../../../core/access.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { checkArchive } from '../../../platform/archive.server.ts'
import type { Ctx, Database } from '../../../platform/db.server.ts'
import { timeline } from '../../../platform/events.server.ts'
import { readSheet } from '../../../platform/sheets.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { findFile } from '../../files/index.server.ts'
import type { Organisation } from '../../people/index.ts'
import { monday, orThrow, stageOf, type Seated, type Stage } from '../../people/test-stage.server.ts'
import { recordCheck, voidCheck } from '../checks.server.ts'
import { scopeOf } from '../labels/scope.ts'
import { historyOf, listInstruments } from '../queries.server.ts'
import { readRegister } from '../register-query.ts'
import { registerInstrument } from '../register.server.ts'
import { takeInstrumentStep } from '../steps.server.ts'
import { attachFile, findResult } from './attach.server.ts'
import { directoryPage, gaps } from './directory.ts'
import { namer, noCounts, periodOf } from './model.ts'
import { makePack, type PackAsked } from './pack.server.ts'
import { sayScope } from './scope.ts'
import { previewPack } from './survey.server.ts'

describe('审核包的时间和文件名', () => {
  it('不写、写反、写错都是最近一年；不超过今天', () => {
    const usual = { from: '2025-11-24', to: '2026-11-23' }
    const period = (from: string | null, to: string | null) => periodOf(from, to, '2026-11-23')
    expect([period(null, null), period('2026-02-30', '2026-03-01'), period('2026-03-01', '2026-02-01')]).toEqual([usual, usual, usual])
    expect(period('2026-01-01', '2026-06-30')).toEqual({ from: '2026-01-01', to: '2026-06-30' })
    expect(period('2026-01-01', '2027-01-01')).toEqual({ from: '2026-01-01', to: '2026-11-23' })
  })

  it('任何编号都成为一个能解压的文件名，且互不相同（不分大小写）', () => {
    const name = namer()
    expect([
      name('c', 'A/1', '.pdf'),
      name('c', 'a_1', '.pdf'),
      name('c', 'A_1-2', '.pdf'),
      name('c', '..', '.pdf'),
      name('c', '证书 1', '.pdf'),
    ]).toEqual(['c/A_1.pdf', 'c/a_1-2.pdf', 'c/A_1-2-2.pdf', 'c/_.pdf', 'c/证书 1.pdf'])
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 20 }), (stems) => {
        const next = namer()
        const names = stems.map((stem) => next('certificates', stem, '.pdf'))
        expect(new Set(names.map((each) => each.toLowerCase())).size).toBe(stems.length)
        for (const each of names) expect(each).toMatch(/^certificates\/[^\\/:*?"<>|\p{C}]+\.pdf$/u)
      }),
    )
  })

  it('范围用话说；标签页和审核包带走的正是台账读得懂的那些条件', () => {
    const say = (query: string) => sayScope(readRegister(new URLSearchParams(query)).asked)
    expect([say(''), say('state=all'), say('place=一车间&keeper=张'), say('state=sent&mandatory=yes&stage=overdue&q=表')]).toEqual([
      '全部在册器具',
      '全部台账上的器具',
      '在册器具（地点：一车间；保管人：张）',
      '状态为“送检中”的器具（强制检定；已逾期；关键词：表）',
    ])
    expect(say('kind=压力表&range=0～1MPa&institution=院')).toBe('在册器具（种类：压力表；机构：院；测量范围含 (0～1) MPa）')
    expect(say('kind=00000000-0000-7000-8000-000000000000&ids=00000000-0000-7000-8000-000000000001')).toBe(
      '在册器具（勾选的 1 件；一个自定种类）',
    )
    const all =
      'q=a&state=all&place=b&kind=压力表&mandatory=yes&stage=d7&institution=c&keeper=d&range=0～1MPa&ids=00000000-0000-7000-8000-000000000001'
    const kept = new URLSearchParams(scopeOf(new URLSearchParams(`${all}&page=3&sort=-code&format=a4-24&start=2&empty=`)))
    expect(readRegister(kept)).toEqual(readRegister(new URLSearchParams(all)))
    expect([...kept.keys()].toSorted()).toEqual(Object.keys(readRegister(kept).asked).concat('state').toSorted())
  })

  it('目录页上的名称不会变成代码', () => {
    const page = directoryPage({
      owner: '<script>alert(1)</script>',
      madeBy: '"赵工"',
      madeAt: monday,
      scope: `一车间 & 二车间`,
      period: { from: '2025-11-24', to: '2026-11-23' },
      counts: noCounts(),
      files: [{ path: 'certificates/a b.pdf', about: '<b>', bytes: 1, sha256: 'x' }],
    })
    expect(page).not.toMatch(/<script|<b>/)
    expect(page).toContain('href="certificates/a%20b.pdf"')
    expect(page).toContain('没有发现缺项')
    expect(gaps({ ...noCounts(), withoutFile: 3 })).toEqual(['3 件的最近一次检定、校准没有证书文件'])
  })
})

/** The entries of an archive, from its directory. */
function unzip(zip: Buffer): Map<string, Buffer> {
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006'))
  const entries = new Map<string, Buffer>()
  let at = zip.readUInt32LE(end + 16)
  for (let i = 0; i < zip.readUInt16LE(end + 10); i++) {
    const [method, packed, name, extra, comment, start] = [
      zip.readUInt16LE(at + 10),
      zip.readUInt32LE(at + 20),
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt16LE(at + 32),
      zip.readUInt32LE(at + 42),
    ] as const
    const body = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28)
    const content = zip.subarray(body, body + packed)
    entries.set(zip.toString('utf8', at + 46, at + 46 + name), method === 0 ? Buffer.from(content) : inflateRawSync(content))
    at += 46 + name + extra + comment
  }
  return entries
}

const pdf = (words: string) => Buffer.from(`%PDF-1.7\n${words}\n%%EOF\n`)

describe('审核包', () => {
  let database: Database
  let stage: Stage
  let org: Organisation
  let own: Seated
  let other: Seated
  let ctx: Ctx
  beforeAll(async () => {
    database = await testDatabase(inject('template'))
    stage = stageOf(database)
    org = await stage.organisation('审核厂', '330110')
    own = await stage.seat(org, '赵工', 'manager')
    other = await stage.seat(await stage.organisation('别家', '330110'), '钱工', 'manager')
    ctx = stage.as(own.actor)
    for (const [code, more] of [
      ['Z-1', {}],
      ['Z-2', { place: '二车间' }],
      ['Z-3', { validUntil: '2026-10-01', lastDoneOn: '2025-10-02', lastKind: '检定' }],
      ['Z-4', {}],
    ] as const)
      orThrow(await registerInstrument(ctx, { code, name: '压力表', kind: '压力表', place: '一车间', state: '在用', ...more }))
    const [one, two, three] = await Promise.all(['Z-1', 'Z-2', 'Z-3'].map(byCode))
    const check = {
      kind: 'verification',
      doneOn: '2026-06-01',
      conclusion: 'pass',
      institution: '示例·检测院',
      certificateNo: 'JZ-1',
      validUntil: '2027-05-31',
    } as const
    const good = orThrow(await recordCheck(ctx, one!, check))
    orThrow(await attachFile(ctx, good.id, { name: '证书.pdf', bytes: pdf('one') }))
    const wrong = orThrow(await recordCheck(ctx, two!, { ...check, certificateNo: '错的' }))
    orThrow(await attachFile(ctx, wrong.id, { name: '错.pdf', bytes: pdf('wrong') }))
    orThrow((await voidCheck(ctx, wrong.id, '=1+1 录错了器具')) as object)
    orThrow(
      await recordCheck(ctx, two!, {
        kind: 'calibration',
        doneOn: '2026-07-01',
        conclusion: 'none',
        certificateNo: 'XZ-2',
        validUntil: '2027-06-30',
      }),
    )
    orThrow(await takeInstrumentStep(ctx, three!, { step: 'send' }))
  })
  afterAll(() => database.close())

  const byCode = async (code: string) => (await listInstruments(ctx, { pageSize: 100 })).rows.find((row) => row.code === code)!.id
  const asked: PackAsked = { query: { state: 'held' }, scope: '全部在册器具', period: { from: '2025-11-24', to: '2026-11-23' } }
  const made = async (of: PackAsked = asked, by: Ctx = ctx) => {
    const stream = await makePack(by, of)
    if (isRefusal(stream)) return stream
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks)
  }
  const rowsOf = async (content: Buffer): Promise<string[][]> => {
    const rows: string[][] = []
    for await (const { cells } of readSheet(content, '表')) rows.push(cells)
    return rows
  }

  it('完好的压缩包：清单里的文件都在，大小和 SHA-256 都对，数目和台账相等', async () => {
    const zip = (await made()) as Buffer
    expect(Array.isArray(await checkArchive(zip))).toBe(true)
    const entries = unzip(zip)
    const [, ...index] = await rowsOf(entries.get('index.csv')!)
    expect(index.map(([path]) => path)).toEqual([...entries.keys()].filter((path) => !['index.csv', '00-目录.html'].includes(path)))
    for (const [path, , , bytes, sha256] of index) {
      expect(String(entries.get(path!)!.length), path).toBe(bytes)
      expect(createHash('sha256').update(entries.get(path!)!).digest('hex'), path).toBe(sha256)
    }
    const { total } = await listInstruments(ctx, { state: 'held' })
    const [, ...register] = await rowsOf(entries.get('01-器具台账.xlsx')!)
    const [, ...results] = await rowsOf(entries.get('02-检定校准记录.csv')!)
    expect([register.length, Number(index[0]![2])]).toEqual([total, total])
    const all = (
      await Promise.all((await listInstruments(ctx, { state: 'held', pageSize: 100 })).rows.map(({ id }) => historyOf(ctx, id)))
    ).flat()
    expect(results).toHaveLength(all.length)
    expect(entries.get('00-目录.html')!.toString()).toContain(`器具 ${total} 件`)
  })

  it('证书按编号命名、原样在内；作废的写明原因；公式变成文字', async () => {
    const entries = unzip((await made()) as Buffer)
    expect([...entries.keys()].filter((path) => path.startsWith('certificates/'))).toEqual([
      'certificates/Z-1 2026-06-01 JZ-1.pdf',
      'certificates/Z-2 2026-06-01 错的.pdf',
    ])
    expect(entries.get('certificates/Z-1 2026-06-01 JZ-1.pdf')).toEqual(pdf('one'))
    const results = await rowsOf(entries.get('02-检定校准记录.csv')!)
    expect(results.find(([, , , , , , no]) => no === '错的')).toContain("'=1+1 录错了器具")
    expect(entries.get('05-变更记录.csv')!.toString()).not.toMatch(/(^|,)=/m)
    const overdue = await rowsOf(entries.get('04-超期与送检中.csv')!)
    expect(overdue.slice(1).map(([code, , state, until, days]) => [code, state, until, days])).toEqual([
      ['Z-3', '送检中', '2026-10-01', '53'],
    ])
    const changes = (await rowsOf(entries.get('05-变更记录.csv')!)).slice(1)
    expect(changes.map(([, , what]) => what)).toEqual(
      expect.arrayContaining(['登记入账', '录入检定、校准结果', '上传证书文件', '作废一条结果', '送检']),
    )
  })

  it('预览和做出来的包数目相同，缺什么说得出', async () => {
    const { counts, lacking } = await previewPack(ctx, { state: 'held' })
    expect(counts).toMatchObject({
      instruments: 4,
      checks: 3,
      certificates: 2,
      overdue: 1,
      sent: 1,
      withoutFile: 2,
      withoutResult: 1,
      unconfirmed: 1,
    })
    expect(lacking).toEqual([
      expect.objectContaining({ code: 'Z-2', what: '没有证书文件，没有计量确认' }),
      expect.objectContaining({ code: 'Z-3', what: '没有证书文件' }),
      expect.objectContaining({ code: 'Z-4', what: '没有检定、校准记录' }),
    ])
    await made()
    const { rows } = await database.pool.query(`select detail from events where subject = 'audit-pack' order by seq desc limit 1`)
    expect(rows[0].detail.counts).toEqual(counts)
    expect(rows[0].detail).toMatchObject({ scope: '全部在册器具', files: 9, indexSha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
  })

  it('范围和时间可以缩小', async () => {
    const entries = unzip(
      (await made({ ...asked, query: { place: '二车间' }, period: { from: '2026-01-01', to: '2026-01-31' } })) as Buffer,
    )
    expect((await rowsOf(entries.get('01-器具台账.xlsx')!)).slice(1).map(([code]) => code)).toEqual(['Z-2'])
    expect((await rowsOf(entries.get('05-变更记录.csv')!)).slice(1)).toEqual([])
  })

  it('别家的包里没有我的；监管、访客、授权不含台账的不能做', async () => {
    const entries = unzip((await made(asked, stage.as(other.actor))) as Buffer)
    expect((await rowsOf(entries.get('01-器具台账.xlsx')!)).slice(1)).toEqual([])
    expect([...entries.keys()].some((path) => path.startsWith('certificates/'))).toBe(false)
    const clerk = await stage.seat(org, '小吴', 'staff', { scope: ['policy'] })
    for (const actor of [visitor, await stage.officer('杭州王工', '330100'), clerk.actor])
      expect(await made(asked, stage.as(actor))).toMatchObject({ kind: 'forbidden' })
  })

  it('下载中途断开，不算做成，也不出错', async () => {
    const count = async () => (await database.pool.query(`select count(*) as n from events where subject = 'audit-pack'`)).rows[0].n
    const before = await count()
    const stream = await makePack(ctx, asked)
    if (isRefusal(stream)) throw new Error(stream.reason)
    stream.on('error', () => {})
    stream.destroy()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await count()).toBe(before)
  })

  it('证书文件：换一份记下前一份；作废的、别家的、不是证书的不收', async () => {
    const id = await byCode('Z-1')
    const [check] = await historyOf(ctx, id)
    const file = orThrow(await attachFile(ctx, check!.id, { name: 'x.exe', bytes: pdf('two') }))
    expect(await findResult(ctx, check!.id)).toMatchObject({ code: 'Z-1', file_id: file.id })
    expect(await findFile(ctx, file.id)).toMatchObject({ name: 'x.exe.pdf', subject: 'instrument-check', subject_id: check!.id })
    expect(await findFile(ctx, check!.file_id!)).toBeDefined()
    expect((await timeline(database.db, 'instrument', id)).at(-1)).toMatchObject({
      action: 'certificate-attached',
      detail: { before: check!.file_id, sha256: file.sha256 },
    })
    expect(await attachFile(ctx, check!.id, { name: '证书.pdf', bytes: Buffer.from('MZ\0\0') })).toMatchObject({
      kind: 'invalid',
      fields: { file: expect.any(String) },
    })
    expect(
      await attachFile(ctx, check!.id, { name: '大.pdf', bytes: Buffer.concat([pdf('x'), Buffer.alloc(20_000_000), pdf('')]) }),
    ).toMatchObject({ kind: 'invalid' })
    expect((await findResult(ctx, check!.id))!.file_id).toBe(file.id)
    const voided = (await historyOf(ctx, await byCode('Z-2'))).find(({ voided_at }) => voided_at)!
    expect(await attachFile(ctx, voided.id, { name: 'a.pdf', bytes: pdf('a') })).toMatchObject({ kind: 'conflict' })
    expect(await attachFile(stage.as(other.actor), check!.id, { name: 'a.pdf', bytes: pdf('a') })).toMatchObject({ kind: 'missing' })
    expect(await findResult(stage.as(other.actor), check!.id)).toBeUndefined()
  })
})
