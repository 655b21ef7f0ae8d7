import { RouterContextProvider } from 'react-router'
import { expect, it } from 'vitest'
import { visitor, type Actor } from '../core/access.ts'
import { ctxKey } from '../platform/context.server.ts'
import { seated } from './seated.server.ts'

const lapsed = '您在示例·厂的授权已于 2026-11-21 到期'
const asked = (path: string, actor: Actor, method = 'GET') => {
  const context = new RouterContextProvider()
  context.set(ctxKey, { actor } as never)
  const url = new URL(path, 'http://localhost')
  try {
    seated({ request: new Request(url, { method }), url, context } as never, undefined as never)
    return 'through'
  } catch (answer) {
    return answer as Response
  }
}

it('授权到期的人打开别的页面，都回到说明原因的工作台；自己的账号照常', () => {
  const clerk = { ...visitor, id: 'me', name: '示例·小陈', lapsed }
  for (const path of ['/me/instruments', '/me/people', '/applications/1', '/me/data-x', '/desk/x'])
    expect((asked(path, clerk) as Response).headers.get('location')).toBe('/desk')
  for (const path of ['/desk', '/me/sessions', '/me/data', '/me/data.json', '/me/data/erase']) {
    expect(asked(path, clerk)).toBe('through')
    expect(asked(path, clerk, 'POST')).toBe('through')
  }
})

it('到期之后提交的表单不办，并说明原因、内容没有保存', async () => {
  const answer = asked('/me/instruments/new', { ...visitor, id: 'me', lapsed }, 'POST') as Response
  expect(answer.status).toBe(403)
  expect(await answer.text()).toMatch(/2026-11-21 到期.*没有保存/)
})

it('没有登录的人和有身份的人不受影响', () => {
  for (const actor of [visitor, { ...visitor, id: 'me', role: 'enterprise' as const, org_id: 'org' }])
    expect(asked('/me/instruments', actor, 'POST')).toBe('through')
})
