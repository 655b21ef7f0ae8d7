import { renderToStaticMarkup } from 'react-dom/server'
import { createRoutesStub, RouterContextProvider } from 'react-router'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import type { Actor } from '../../../core/access.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import type { Database } from '../../../platform/db.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import type { Organisation } from '../../people/index.ts'
import { orThrow, stageOf, type Stage } from '../../people/test-stage.server.ts'
import type { DraftInput } from '../draft.ts'
import { findInstrument, historyOf } from '../queries.server.ts'
import { registerInstrument } from '../register.server.ts'
import * as edit from './edit.tsx'
import * as instrument from './instrument.tsx'
import * as kinds from './kinds.tsx'
import * as fresh from './new.tsx'
import * as register from './register.tsx'

let database: Database
let stage: Stage
let org: Organisation
let keeper: Actor
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  stage = stageOf(database)
})
afterAll(() => database.close())
beforeEach(async () => {
  org = await stage.organisation('仪表厂', '330110')
  keeper = (await stage.seat(org, '周质量', 'manager', { endsOn: '2027-12-31' })).actor
})

type Pairs = readonly (readonly [string, string])[]
const args = (actor: Actor, path: string, { form, id = '' }: { form?: Pairs; id?: string } = {}) => {
  const context = new RouterContextProvider()
  context.set(ctxKey, stage.as(actor))
  const url = new URL(`http://localhost${path}`)
  const body = form && new URLSearchParams(form.map(([name, value]) => [name, value]))
  return { params: { id }, url, request: new Request(url, body && { method: 'POST', body }), context } as never
}
const post = (fields: Record<string, string>, ids: readonly string[] = []): Pairs => [
  ...Object.entries(fields),
  ...ids.map((id) => ['ids', id] as const),
]
const add = async (input: DraftInput): Promise<string> => orThrow(await registerInstrument(stage.as(keeper), input)).id
const to = (answer: unknown): string | null => (answer instanceof Response ? answer.headers.get('location') : null)

const gauge = {
  name: '压力表',
  range: '0～1.6MPa',
  use: 'safety',
  place: '锅炉房',
  lastDoneOn: '2026-05-20',
  lastKind: 'verification',
  lastConclusion: 'pass',
}

describe('器具台账的页面', () => {
  it('按测量范围查跨单位都算；写错的条件不参与查找并说明', async () => {
    await add({ ...gauge, code: 'A1' })
    await add({ name: '压力表', code: 'A2', range: '0～0.6MPa' })
    const found = async (query: string) => {
      const data = await register.loader(args(keeper, `/me/instruments?${query}`))
      return { codes: data.rows.map(({ code }) => code), problems: data.problems, held: data.counts.held }
    }
    expect(await found('range=0～10 bar')).toEqual({ codes: ['A1'], problems: {}, held: 2 })
    expect(await found('range=DN25')).toMatchObject({ codes: ['A1', 'A2'], problems: { range: expect.stringContaining('DN25') } })
  })

  it('监管人员看到辖区的器具和企业名称，不能办理；别的辖区看不到', async () => {
    const id = await add({ ...gauge, code: 'B1' })
    const officer = await stage.officer('余杭监管', '330110')
    const { rows, own } = await register.loader(args(officer, '/instruments?q=B1'))
    expect([own, rows.find((row) => row.id === id)?.owner]).toEqual([false, '示例·仪表厂'])
    expect((await instrument.loader(args(officer, `/instruments/${id}`, { id }))).editable).toBe(false)
    await expect(
      register.action(args(officer, '/instruments', { form: post({ intent: 'step', step: 'seal' }, [id]) })),
    ).rejects.toMatchObject({ status: 403 })
    const stranger = await stage.officer('宁波监管', '330203')
    await expect(instrument.loader(args(stranger, `/instruments/${id}`, { id }))).rejects.toMatchObject({ status: 404 })
  })

  it('勾选后送检、打印标签带着编号走；没有勾选会说', async () => {
    const ids = [await add({ ...gauge, code: 'C1' }), await add({ name: '百分表', code: 'C2' })]
    const act = (form: Pairs) => register.action(args(keeper, '/me/instruments?q=C', { form }))
    expect(to(await act(post({ intent: 'send-out' }, ids)))).toBe(`/me/send-outs/new?ids=${ids.join(',')}`)
    expect(to(await act(post({ intent: 'labels' }, ids)))).toBe(`/me/instruments/labels?ids=${ids.join(',')}`)
    expect(await act(post({ intent: 'step', step: 'stop' }))).toMatchObject({
      init: { status: 422 },
      data: { refusal: { reason: expect.stringContaining('勾选') } },
    })
    expect(await act(post({ intent: 'step', step: 'lose' }, ids))).toMatchObject({ init: { status: 422 } })
  })

  it('成批办理：都办成回到列表；有没办成的逐件说明，别的照办', async () => {
    const ids = [await add({ ...gauge, code: 'D1' }), await add({ name: '百分表', code: 'D2', state: 'sealed' })]
    const act = (step: string, opinion = '') =>
      register.action(args(keeper, '/me/instruments?q=D', { form: post({ intent: 'step', step, opinion }, ids) }))
    expect(await act('stop', '检修')).toMatchObject({
      values: { opinion: '检修' },
      outcome: { done: [ids[0]], refused: [{ id: ids[1], code: 'D2', reason: expect.stringContaining('封存') }] },
    })
    expect(await act('stop')).toMatchObject({ outcome: { done: [] } })
    expect(to(await act('put-in-use'))).toBeNull()
    expect(
      to(
        await register.action(
          args(keeper, '/me/instruments?q=D', { form: post({ intent: 'step', step: 'stop', opinion: '修' }, [ids[1]!]) }),
        ),
      ),
    ).toBe('/me/instruments?q=D&did=stop&n=1')
  })
})

describe('登记和修改', () => {
  it('填错时字段有说明，填过的都还在；登记成功到器具页', async () => {
    const wrong = await fresh.action(
      args(keeper, '/me/instruments/new', { form: post({ name: '压力表', range: 'DN25', keeper: '王师傅' }) }),
    )
    expect(wrong).toMatchObject({
      init: { status: 422 },
      data: { refusal: { fields: { range: expect.stringContaining('DN25') } }, values: { texts: { range: 'DN25', keeper: '王师傅' } } },
    })
    const right = to(await fresh.action(args(keeper, '/me/instruments/new', { form: post({ ...gauge, code: 'E1' }) })))
    expect(right).toMatch(/^\/me\/instruments\/[0-9a-f-]{36}\?saved=registered$/)
  })

  it('本单位的种类写名称就认得；表单打开时是什么，不动就存成什么', async () => {
    const kindForm = post({ intent: 'save', name: '专用检具', parent: '卡尺', months: '6' })
    expect(to(await kinds.action(args(keeper, '/me/instruments/kinds', { form: kindForm })))).toBe('/me/instruments/kinds?saved=save')
    const target = to(
      await fresh.action(
        args(keeper, '/me/instruments/new', {
          form: post({ ...gauge, name: '缸径检具', kind: '专用检具', accuracy: '1.6级', lastFee: '120' }),
        }),
      ),
    )
    const id = target!.slice('/me/instruments/'.length, -'?saved=registered'.length)
    const before = (await findInstrument(stage.as(keeper), id))!
    expect([before.own_kind_name, before.own_kind_parent]).toEqual(['专用检具', 'caliper'])
    const { texts, version, recorded } = await edit.loader(args(keeper, `/me/instruments/${id}/edit`, { id }))
    expect(recorded).toBe(false)
    expect(
      to(
        await edit.action(
          args(keeper, `/me/instruments/${id}/edit`, {
            id,
            form: post({ ...(texts as Record<string, string>), version: String(version) }),
          }),
        ),
      ),
    ).toBe(`/me/instruments/${id}?saved=changed`)
    expect(await findInstrument(stage.as(keeper), id)).toEqual(before)
  })

  it('种类和设置填错有说明', async () => {
    const act = (form: Record<string, string>) => kinds.action(args(keeper, '/me/instruments/kinds', { form: post(form) }))
    expect(await act({ intent: 'save', name: '压力表' })).toMatchObject({
      data: { refusal: { fields: { name: expect.stringContaining('目录里已经有') } } },
    })
    expect(await act({ intent: 'save', name: '甲', parent: '没有的' })).toMatchObject({
      data: { refusal: { fields: { parent: expect.any(String) } }, values: { parent: '没有的' } },
    })
    expect(await act({ intent: 'settings', turnaround: '0' })).toMatchObject({
      data: { refusal: { fields: { turnaround: expect.any(String) } } },
    })
    expect(to(await act({ intent: 'settings', turnaround: '15', reminders: 'on' }))).toBe('/me/instruments/kinds?saved=settings')
  })
})

describe('器具页', () => {
  const show = async (id: string, actor = keeper, base = '/me/instruments') => {
    const loaderData = await instrument.loader(args(actor, `${base}/${id}`, { id }))
    const Page = instrument.default as React.ComponentType<{ loaderData: typeof loaderData }>
    const Stub = createRoutesStub([{ path: '/', Component: () => <Page loaderData={loaderData} /> }])
    return { loaderData, html: renderToStaticMarkup(<Stub initialEntries={['/']} />) }
  }
  const act = (id: string, form: Record<string, string>) =>
    instrument.action(args(keeper, `/me/instruments/${id}`, { id, form: post(form) }))

  it('录入结果：缺的、错的逐项说明；录好后有效期跟着变；作废留痕', async () => {
    const id = await add({ ...gauge, code: 'F1', intervalMonths: '6' })
    expect(await act(id, { intent: 'check', kind: 'verification', fee: '一百', foundError: '0.1' })).toMatchObject({
      init: { status: 422 },
      data: {
        refusal: {
          fields: {
            doneOn: expect.any(String),
            conclusion: expect.any(String),
            fee: expect.any(String),
            foundLimit: expect.any(String),
            foundUnit: expect.any(String),
          },
        },
        values: { fee: '一百' },
      },
    })
    const good = {
      intent: 'check',
      kind: 'verification',
      doneOn: '2026-11-20',
      conclusion: 'pass',
      fee: '120.5',
      foundError: '0.01',
      foundLimit: '±0.026',
      foundUnit: '兆帕',
    }
    expect(to(await act(id, good))).toBe(`/me/instruments/${id}?saved=check`)
    const [check] = await historyOf(stage.as(keeper), id)
    expect(check).toMatchObject({ valid_until: '2027-05-19', fee_fen: 12050n, as_found: { error: '0.01', limit: '0.026', unit: 'MPa' } })
    expect((await show(id)).html).toContain('有效期至 2027-05-19')
    expect(to(await act(id, { intent: 'void', check: check!.id, reason: '录到别的器具上了' }))).toBe(`/me/instruments/${id}?saved=void`)
    expect((await show(id)).html).toContain('录到别的器具上了')
  })

  it('是否强制检定写明理由和依据；待核实的可以凭依据确认，确认后不再提示', async () => {
    const id = await add({ ...gauge, code: 'G1' })
    const { loaderData, html } = await show(id)
    expect(html).toContain('是否强制检定：是')
    expect(html).toContain('《计量法》第九条')
    expect(html).toContain('待核实')
    const version = String(loaderData.view.row.version)
    expect(await act(id, { intent: 'mandatory', version, basis: 'x' })).toMatchObject({
      data: { refusal: { fields: { verdict: expect.any(String) } } },
    })
    expect(to(await act(id, { intent: 'mandatory', version, verdict: 'yes', basis: '强检备案 浙A-001' }))).toContain('saved=mandatory')
    const after = (await show(id)).html
    expect(after).toContain('浙A-001')
    expect(after).not.toContain('由我确认')
  })

  it('调整周期：有效期重新推算；不是整月的说明', async () => {
    const id = await add({ ...gauge, code: 'I1', intervalMonths: '6' })
    const version = String((await show(id)).loaderData.view.row.version)
    expect(await act(id, { intent: 'interval', version, months: '半年', source: 'own' })).toMatchObject({
      data: { refusal: { fields: { months: expect.any(String) } }, values: { months: '半年' } },
    })
    expect(to(await act(id, { intent: 'interval', version, months: '３', source: 'own', basis: '用得多' }))).toContain('saved=interval')
    expect(await findInstrument(stage.as(keeper), id)).toMatchObject({ interval_months: 3, valid_until: '2026-08-19' })
  })

  it('改了什么，经过里说从什么改成什么', async () => {
    const id = await add({ ...gauge, code: 'H1' })
    const { texts, version } = await edit.loader(args(keeper, `/me/instruments/${id}/edit`, { id }))
    await edit.action(
      args(keeper, `/me/instruments/${id}/edit`, {
        id,
        form: post({ ...(texts as Record<string, string>), place: '二车间', use: 'other', version: String(version) }),
      }),
    )
    const { html } = await show(id)
    expect(html).toContain('锅炉房 → 二车间')
    expect(html).toContain('安全防护 → 其他（工艺、质量、研发等）')
  })
})
