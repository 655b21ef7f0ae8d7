/** Every page of every role: sound at both widths, no script error, nobody sees another's. */
import { expect } from '@playwright/test'
import { api, enter, expectSound, phone, test, visit } from './people.ts'

const pages: Record<string, string[]> = {
  '': ['/', '/policies', '/policies?q=校准', '/policies/samr-2022-51-m2', '/demo', '/sign-in', '/api/docs', '/policies/embed', '/check'],
  'demo-enterprise': [
    '/desk',
    '/me/matches',
    '/me/matches/samr-2022-51-m2',
    '/me/profile',
    '/me/people',
    '/me/messages',
    '/me/applications',
    '/me/sessions',
    '/me/agencies',
    '/me/data',
    '/me/instruments',
    '/me/instruments?state=sent',
    '/me/instruments/new',
    '/me/instruments/kinds',
    '/me/instruments/places',
    '/me/instruments/imports',
    '/me/instruments/imports/new',
    '/me/instruments/due',
    '/me/instruments/due/calendar',
    '/me/instruments/forecast',
    '/me/instruments/labels',
    '/me/instruments/audit-pack',
    '/me/send-outs',
    '/me/traces',
    '/me/faults',
    '/me/orders',
    '/me/orders/new',
    '/me/certificates',
    '/me/certificates/upload',
    '/me/certificates/incoming',
    '/me/money',
    '/me/money/defer',
    '/me/relief-reviews',
  ],
  'demo-individual': ['/desk', '/me/matches', '/me/orders', '/me/orders/new', '/me/money', '/me/money/defer'],
  'demo-clerk': ['/desk'],
  'demo-counter': ['/desk', '/orders', '/orders?state=placed', '/visits', '/prices', '/standards', '/certificates', '/agencies'],
  'demo-tester': ['/desk', '/bench', '/orders', '/standards', '/standards/new', '/certificates', '/agencies'],
  'demo-checker': ['/desk'],
  'demo-approver': ['/desk', '/review', '/orders', '/standards', '/certificates', '/certificates/keys', '/agencies'],
  'demo-finance': ['/desk', '/books', '/payments', '/books-periods', '/online', '/relief-reviews', '/prices', '/orders'],
  'demo-province': [
    '/desk',
    '/policies/drafts',
    '/policies/new',
    '/policies/demo-zj-calibration-next/review',
    '/organisations',
    '/messages/log',
    '/applications',
    '/instruments',
    '/awareness',
    '/awareness/demo-zj-calibration-half',
    '/pledges',
    '/orders',
    '/certificates',
    '/traces',
    '/relief',
    '/relief-reviews',
    '/relief-budgets',
    '/relief-budgets/new',
    '/relief-flags',
    '/simulations',
    '/simulations/new',
  ],
  'demo-county': ['/desk', '/organisations', '/awareness', '/relief', '/simulations'],
  'demo-national': ['/desk', '/policies/events', '/awareness'],
  'demo-admin': ['/desk', '/organisations'],
}

/** Their whole menu is walked. */
const whole = new Set(['demo-enterprise', 'demo-counter', 'demo-tester', 'demo-approver', 'demo-finance', 'demo-province'])

for (const [login, paths] of Object.entries(pages))
  for (const [width, options] of [
    ['桌面', {}],
    ['手机', phone],
  ] as const)
    test(`${login || '访客'} · ${width}：页面无障碍、不出屏、无脚本错误`, async ({ browser }) => {
      const page = login ? await enter(browser, login, options) : await visit(browser, options)
      const errors: string[] = []
      page.on('pageerror', (error) => errors.push(error.message))
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
      for (const path of paths) {
        await test.step(path, async () => {
          const response = await page.goto(path)
          expect(response!.status(), path).toBe(200)
          await expectSound(page)
        })
      }
      expect(errors).toEqual([])
      // What the menu of the last page offers and this list does not name has not been looked at; other desks share some of it.
      const offered = await page.locator('nav.side a').evaluateAll((links) => links.map((link) => link.getAttribute('href')!))
      if (whole.has(login)) expect(offered.filter((to) => !paths.includes(to) && !pages['']!.includes(to))).toEqual([])
    })

test('看不到别人的：外地企业、别人的申请、草稿都是 404；未登录被带去登录', async ({ browser }) => {
  const county = await enter(browser, 'demo-county')
  const admin = await enter(browser, 'demo-admin')
  const { body } = await api(admin, 'GET', '/organisations?q=安庆&limit=1')
  const foreign = (body as unknown as { items: { id: string }[] }).items[0]!.id
  expect((await county.goto(`/organisations/${foreign}`))!.status()).toBe(404)
  expect((await api(county, 'GET', `/organisations/${foreign}`)).status).toBe(404)
  const firm = await enter(browser, 'demo-enterprise')
  expect((await firm.goto('/policies/demo-zj-calibration-next'))!.status()).toBe(404)
  expect((await firm.goto('/organisations'))!.status()).toBe(403)
  expect((await api(firm, 'POST', '/policies/drafts', {})).status).toBe(403)
  const visitor = await visit(browser)
  await visitor.goto('/me/matches')
  await expect(visitor).toHaveURL(/\/sign-in\?to=/)
})

test('授权到期的经办人被告知找谁续期', async ({ browser }) => {
  const clerk = await enter(browser, 'demo-clerk')
  await expect(clerk.getByText(/示例·周厂长（法定代表人）/)).toBeVisible()
})

test('大字版和深色都过得去，重开还在', async ({ browser }) => {
  const page = await visit(browser)
  await page.goto('/policies')
  await page.getByRole('button', { name: '大字版' }).click()
  await page.getByRole('button', { name: '深色' }).click()
  await expect(page.locator('html[data-elder][data-scheme="dark"]')).toHaveCount(1)
  await expectSound(page)
  await page.goto('/policies/npc-2021-pilot-top-standard')
  await expectSound(page)
})

test('公开页面按版本缓存：同一 ETag 返回 304', async ({ request }) => {
  const first = await request.get('/policies/samr-2022-51-m2')
  const etag = first.headers().etag
  expect(etag).toBeTruthy()
  const second = await request.get('/policies/samr-2022-51-m2', { headers: { 'if-none-match': etag! } })
  expect(second.status()).toBe(304)
  const nonces = await Promise.all(
    [1, 2].map(
      async () => /nonce-([^']+)'/.exec((await request.get('/policies/samr-2022-51-m2')).headers()['content-security-policy']!)![1],
    ),
  )
  expect(nonces[0]).not.toBe(nonces[1])
})

test('页面和脚本压缩着送；样式先于脚本', async ({ request }) => {
  const page = await request.get('/policies')
  expect(page.headers()).toMatchObject({ 'content-encoding': 'gzip', vary: expect.stringContaining('Accept-Encoding') })
  const head = /^[\s\S]*<\/head>/.exec(await page.text())![0]
  const preloads = head.match(/<link rel="modulepreload"[^>]*>/g)!
  expect(preloads.length).toBeGreaterThan(3)
  expect(preloads.filter((link) => !link.includes('fetchpriority="low"'))).toEqual([])
  const script = await request.get(/href="([^"]+\.js)"/.exec(head)![1]!)
  expect(script.headers()).toMatchObject({ 'content-encoding': 'br', 'cache-control': 'public, max-age=31536000, immutable' })
  expect((await request.get('/policies', { headers: { 'accept-encoding': 'identity' } })).headers()['content-encoding']).toBeUndefined()
})
