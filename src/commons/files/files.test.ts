import { createHash } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { visitor } from '../../core/access.ts'
import { isRefusal, type Refusal } from '../../core/refusal.ts'
import { inTx, type Ctx, type Database } from '../../platform/db.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { orThrow, stageOf, type Seated } from '../people/test-stage.server.ts'
import type { Organisation } from '../people/index.ts'
import { cleanName, fileTypes, sayBytes, sayTypes, type FileType, type StoredFile } from './model.ts'
import { findFile, filesOf, readChunks, readWhole } from './queries.server.ts'
import { storeFile } from './store.server.ts'
import { tellType } from './tell-type.ts'
import { fileIn, readForm } from './upload.server.ts'

const bytes = (...parts: (string | readonly number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))))
const png = bytes([0x89], 'PNG\r\n', [0x1a, 0x0a], '....IHDR....', [0, 0, 0, 0], 'IEND', [0xae, 0x42, 0x60, 0x82])
const jpeg = bytes([0xff, 0xd8, 0xff, 0xe0], 'JFIF', [0xff, 0xd9])
const webp = bytes('RIFF', [8, 0, 0, 0], 'WEBP', 'VP8 ')
const pdf = bytes('%PDF-1.7\n', '%%EOF\n')
const exe = bytes('MZ', [0x90, 0, 3, 0, 0, 0], 'This program cannot be run in DOS mode')
const xlsx = async () => {
  const book = new ExcelJS.Workbook()
  book.addWorksheet('台账').addRow(['编号', '名称'])
  return Buffer.from(await book.xlsx.writeBuffer())
}

describe('文件类型按内容判断', () => {
  it.each([
    ['jpeg', jpeg],
    ['png', png],
    ['webp', webp],
    ['pdf', pdf],
    ['csv', Buffer.from('\uFEFF编号,名称\r\nA-1,压力表\r\n')],
    ['csv', Buffer.from([0xb1, 0xe0, 0xba, 0xc5, 0x2c, 0x61, 0x0a])],
    ['csv', Buffer.from('\uFEFF编号\t名称\r\n', 'utf16le')],
    ['xml', Buffer.from('<?xml version="1.0"?><dcc:digitalCalibrationCertificate/>')],
    ['xml', Buffer.from('<dcc xmlns="x"></dcc>')],
  ] as const)('%s', (type, content) => expect(tellType(content)).toBe(type))

  it.each([
    ['程序', exe],
    ['ELF 程序', bytes([0x7f], 'ELF', [2, 1, 1, 0])],
    ['脚本', Buffer.from('#!/bin/sh\nrm -rf /')],
    ['网页', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['网页（没有声明）', Buffer.from('  <HTML><body>')],
    ['SVG 图片', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ['带实体的 XML', Buffer.from('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')],
    ['旧版 xls', bytes([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0])],
    ['空白', Buffer.from('  \n ')],
    ['空', Buffer.alloc(0)],
  ])('不收：%s', (_, content) => expect(tellType(content)).toBeUndefined())

  it('文件名去掉路径和控制符，配上内容的后缀', () => {
    expect(cleanName('C:\\证书\\压力表 1.PDF', 'pdf')).toBe('压力表 1.pdf')
    expect(cleanName('../../etc/passwd', 'csv')).toBe('passwd.csv')
    expect(cleanName('照片.exe', 'jpeg')).toBe('照片.exe.jpg')
    expect(cleanName('a\u202Egnp.\u0000txt', 'csv')).toBe('agnp.txt')
    expect(cleanName('.pdf', 'pdf')).toBe('pdf.pdf')
    expect(cleanName('', 'xlsx')).toBe('文件.xlsx')
    expect([...cleanName('长'.repeat(500), 'pdf')]).toHaveLength(124)
  })

  it('大小和类型说成人话', () => {
    expect([sayBytes(999), sayBytes(1_500), sayBytes(8_000_000n)]).toEqual(['999 字节', '1.5 KB', '8 MB'])
    expect(sayTypes(['pdf', 'png'])).toBe('PDF或 PNG 图片')
  })
})

describe('文件在数据库里', () => {
  let database: Database
  let org: Organisation
  let own: Seated
  let stage: ReturnType<typeof stageOf>
  beforeAll(async () => {
    database = await testDatabase(inject('template'))
    stage = stageOf(database)
    org = await stage.organisation('文件厂', '330110')
    own = await stage.seat(org, '赵工', 'manager')
  })
  afterAll(() => database.close())

  const all = Object.keys(fileTypes) as FileType[]
  const subjectId = '00000000-0000-7000-8000-00000000f11e'
  const store = (
    ctx: Ctx,
    name: string,
    content: Uint8Array | AsyncIterable<Uint8Array>,
    more: Partial<Parameters<typeof storeFile>[1]> = {},
  ) =>
    inTx(ctx, (tx) =>
      storeFile(tx, { org, subject: 'test', subjectId, name, bytes: content, allow: all, maxBytes: 3_000_000, ...more }),
    ) as Promise<StoredFile | Refusal>
  const count = async () => {
    const { n } = await database.db
      .selectFrom('file_chunks')
      .select((eb) => eb.fn.countAll<bigint>().as('n'))
      .executeTakeFirstOrThrow()
    return n
  }

  it('原样取回，哈希、大小、提供人都在', async () => {
    const content = Buffer.concat([pdf.subarray(0, 9), Buffer.alloc(700_001, 7), Buffer.from('%%EOF')])
    const file = orThrow(await store(stage.as(own.actor), '证书.pdf', content))
    expect(file).toMatchObject({
      type: 'pdf',
      name: '证书.pdf',
      bytes: 700_015n,
      created_by: own.actor.id,
      created_by_name: own.actor.name,
    })
    expect(file.sha256).toBe(createHash('sha256').update(content).digest('hex'))
    expect(await findFile(stage.as(own.actor), file.id)).toEqual(file)
    expect((await readWhole(stage.as(own.actor), file)).equals(content)).toBe(true)
    const pieces: number[] = []
    for await (const piece of readChunks(stage.as(own.actor), file.id)) {
      expect(Buffer.isBuffer(piece)).toBe(true)
      pieces.push(piece.length)
    }
    expect(pieces).toEqual([262_144, 262_144, 175_727])
    expect((await filesOf(stage.as(own.actor), 'test', subjectId)).map(({ id }) => id)).toContain(file.id)
  })

  it('分段到来的文件和一次到来的一样', async () => {
    const content = Buffer.concat([png.subarray(0, -8), Buffer.alloc(600_000, 3), png.subarray(-8)])
    async function* dribble() {
      for (let at = 0; at < content.length; at += 70_001) yield content.subarray(at, at + 70_001)
    }
    const [whole, parts] = [
      orThrow(await store(stage.as(own.actor), 'a.png', content)),
      orThrow(await store(stage.as(own.actor), 'a.png', dribble())),
    ]
    expect([parts.sha256, parts.bytes]).toEqual([whole.sha256, whole.bytes])
    expect((await readWhole(stage.as(own.actor), parts)).equals(content)).toBe(true)
  })

  it('Excel 要真是 Excel：改名的压缩包、坏的压缩包都说明原因', async () => {
    expect(await store(stage.as(own.actor), '台账.xlsx', await xlsx())).toMatchObject({ type: 'xlsx' })
    const packed = deflateRawSync(Buffer.from('x'))
    const broken = Buffer.concat([Buffer.from('PK\u0003\u0004'), packed])
    expect(await store(stage.as(own.actor), '台账.xlsx', broken)).toMatchObject({
      kind: 'invalid',
      reason: expect.stringContaining('已损坏'),
    })
    expect(await store(stage.as(own.actor), '台账.xlsx', (await xlsx()).subarray(0, 3_000))).toMatchObject({ kind: 'invalid' })
  })

  it('改名的程序、超限、空的、没传完的都不收，库里不留下半个', async () => {
    const before = await count()
    const ctx = stage.as(own.actor)
    expect(await store(ctx, '照片.jpg', exe)).toMatchObject({
      kind: 'invalid',
      reason: expect.stringContaining('按内容判断'),
      fields: { file: expect.any(String) },
    })
    expect(await store(ctx, '证书.pdf', pdf, { allow: ['jpeg'] })).toMatchObject({ kind: 'invalid' })
    expect(await store(ctx, '大.csv', Buffer.alloc(3_000_001, 'a'))).toMatchObject({ reason: expect.stringContaining('超过 3 MB') })
    expect(await store(ctx, '空.csv', Buffer.alloc(0))).toMatchObject({ reason: expect.stringContaining('空的') })
    expect(await store(ctx, '断.pdf', pdf.subarray(0, 10))).toMatchObject({ reason: expect.stringContaining('不完整') })
    expect(await store(ctx, '断.png', png.subarray(0, -10))).toMatchObject({ reason: expect.stringContaining('不完整') })
    expect(await store(ctx, '断.jpg', jpeg.subarray(0, -2))).toMatchObject({ reason: expect.stringContaining('不完整') })
    expect(await store(ctx, '断.webp', webp.subarray(0, -2))).toMatchObject({ reason: expect.stringContaining('不完整') })
    expect(await count()).toBe(before)
  })

  it('只能在事务里写，和它所属的记录一起成立', async () => {
    const ctx = stage.as(own.actor)
    await expect(storeFile(ctx, { org, subject: 'test', subjectId, name: 'a', bytes: pdf, allow: all, maxBytes: 10 })).rejects.toThrow(
      'inTx',
    )
    const before = await count()
    await expect(
      inTx(ctx, async (tx) => {
        await storeFile(tx, { org, subject: 'test', subjectId, name: 'a.pdf', bytes: pdf, allow: all, maxBytes: 100 })
        throw new Error('later')
      }),
    ).rejects.toThrow('later')
    expect(await count()).toBe(before)
  })

  it('别的企业、外地监管和访客看不到，本地监管看得到', async () => {
    const file = orThrow(await store(stage.as(own.actor), '证书.pdf', pdf))
    const other = await stage.seat(await stage.organisation('别家', '330110'), '钱工', 'manager')
    const here = await stage.officer('杭州王工', '330100')
    const there = await stage.officer('安徽吴工', '340000')
    for (const actor of [other.actor, there, visitor]) {
      expect(await findFile(stage.as(actor), file.id)).toBeUndefined()
      expect((await readChunks(stage.as(actor), file.id).next()).done).toBe(true)
    }
    expect(await findFile(stage.as(here), file.id)).toEqual(file)
    expect(await findFile(stage.as(own.actor), 'no-id')).toBeUndefined()
  })
})

describe('带文件的表单', () => {
  const form = (file: Uint8Array | undefined, name = '证书.pdf') => {
    const body = new FormData()
    body.set('note', '说明')
    body.set('file', file ? new File([new Uint8Array(file)], name) : new File([], ''))
    return new Request('http://localhost/', { method: 'POST', body })
  }

  it('读出字段和文件；没选文件就是没有', async () => {
    const read = await readForm(form(pdf), 1_000)
    if (isRefusal(read)) throw new Error(read.reason)
    expect([read.get('note'), fileIn(read, 'file')?.name]).toEqual(['说明', '证书.pdf'])
    const empty = await readForm(form(undefined), 1_000)
    expect(isRefusal(empty) ? empty : fileIn(empty, 'file')).toBeUndefined()
  })

  it('太大的不读完：自报长度的看长度，不报的边读边数', async () => {
    const large = form(Buffer.alloc(500_000))
    expect(await readForm(large, 1_000)).toMatchObject({ kind: 'invalid', code: 'FILE_TOO_LARGE' })
    const said = new Request('http://localhost/', { method: 'POST', body: 'x', headers: { 'content-length': '999999999' } })
    expect(await readForm(said, 1_000)).toMatchObject({ code: 'FILE_TOO_LARGE' })
    const cut = new Request('http://localhost/', {
      method: 'POST',
      body: '--a\r\nbroken',
      headers: { 'content-type': 'multipart/form-data; boundary=a' },
    })
    expect(await readForm(cut, 1_000)).toMatchObject({ kind: 'invalid', reason: expect.stringContaining('没有传完整') })
  })
})
