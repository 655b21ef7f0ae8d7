/** 微信付款：没填商户时哪里都没有；填好商户，企业扫码付成即入账；财务导入流水表。两种宽度都看。 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { expect, type Page } from '@playwright/test'
import { enter, expectSound, phone, test } from './people.ts'
import { wechatPort } from './ports.ts'

let fake: ChildProcess
let wechat: { url: string; merchant: Record<string, string> }
test.beforeAll(async () => {
  fake = spawn(process.execPath, ['test/wechat-pay-fake.ts'], {
    env: { ...process.env, PORT: String(wechatPort) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  wechat = JSON.parse(String((await once(fake.stdout!, 'data'))[0]))
})
test.afterAll(() => void fake.kill())

test('财务填商户、看在线收款，导入流水表，重复上传不重记', async ({ browser }) => {
  const finance = await enter(browser, 'demo-finance')
  await finance.goto('/online')
  await finance.getByLabel('商户号', { exact: true }).fill(wechat.merchant.mchid!)
  await finance.getByLabel('AppID').fill(wechat.merchant.appid!)
  await finance.getByLabel('商户 API 证书序列号').fill(wechat.merchant.serialNo!)
  await finance.getByLabel('商户 API 私钥').fill(wechat.merchant.privateKey!)
  await finance.getByLabel('APIv3 密钥').fill(wechat.merchant.apiV3Key!)
  await finance.getByLabel('微信支付公钥 ID').fill(wechat.merchant.platformKeyId!)
  await finance.getByLabel('微信支付公钥或平台证书').fill(wechat.merchant.platformKey!)
  await finance.getByRole('button', { name: '保存商户' }).click()
  await expect(finance.getByText(`商户 ${wechat.merchant.mchid}（收款中）`)).toBeVisible()
  expect(await finance.content()).not.toContain(wechat.merchant.apiV3Key)
  await expectSound(finance)
  const csv =
    '交易日期,交易流水号,对方户名,借方金额,贷方金额,摘要\n20260105,E2E-1,示例·甲厂,,"1,234.50",检定费\n20260105,E2E-2,示例·乙店,30.00,,手续费\n'
  for (const said of ['1 新，0 原有', '0 新，1 原有']) {
    await finance.goto('/payments')
    await finance.getByText('导入银行流水表').click()
    await finance.getByLabel('银行流水表').setInputFiles({ name: '流水.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
    await finance.getByRole('button', { name: '读取并核对' }).click()
    await finance.getByRole('button', { name: '登记 1 行' }).click()
    await expect(finance.getByText(said)).toBeVisible()
    await expectSound(finance)
  }
  const small = await enter(browser, 'demo-finance', phone)
  for (const path of ['/online', '/payments']) {
    await small.goto(path)
    await expectSound(small)
  }
})

/** As if the phone had scanned the code and paid; the platform is then notified. */
const scanAndPay = async (page: Page): Promise<void> => {
  const number = await page
    .getByText(/^P\d{8}/)
    .first()
    .textContent()
  const answer = await fetch(`${wechat.url}/_fake/pay`, { method: 'POST', body: JSON.stringify({ out_trade_no: number!.trim() }) })
  expect(await answer.json()).toEqual([200])
}

for (const [width, options] of [
  ['桌面', {}],
  ['手机', phone],
] as const)
  test(`企业微信付款 · ${width}：从委托单付这一张，付成即入账；财务看得到到账和退款`, async ({ browser }) => {
    const firm = await enter(browser, 'demo-enterprise', options)
    await firm.goto('/me/money')
    await expect(firm.getByRole('link', { name: /微信付给/ })).toBeVisible()
    await expectSound(firm)
    const open = firm.getByRole('table', { name: '还没付清的费用' })
    await open.getByRole('link').last().click()
    await expect(firm.getByRole('heading', { level: 1 })).toContainText('委托单')
    const order = (await firm.getByRole('heading', { level: 1 }).textContent())!.replace('委托单', '').trim()
    await firm.getByRole('link', { name: '微信付这张单' }).click()
    const chosen = firm.locator('label:has(input:checked)')
    await expect(chosen).not.toHaveCount(0)
    for (const label of await chosen.allTextContents()) expect(label).toContain(order)
    await expectSound(firm)
    await firm.locator('input:checked').evaluateAll((boxes) => boxes.forEach((box) => ((box as HTMLInputElement).checked = false)))
    await firm.getByRole('button', { name: '生成付款码' }).click()
    await expect(firm.getByRole('alert')).toBeVisible()
    await expectSound(firm)
    await firm.locator('label', { hasText: order }).getByRole('checkbox').first().check()
    await firm.getByRole('button', { name: '生成付款码' }).click()
    await expect(firm.getByRole('img', { name: /微信付款码/ })).toBeVisible()
    await expectSound(firm)
    const paying = firm.url()
    await scanAndPay(firm)
    await expect(firm.getByText('已付款，已入账')).toBeVisible()
    await expectSound(firm)

    const finance = await enter(browser, 'demo-finance', options)
    await finance.goto(`/online/${paying.split('/').at(-1)}`)
    await expect(finance.getByText('没有可退的预收款', { exact: false })).toBeVisible()
    await expectSound(finance)
    await finance.getByRole('link', { name: '看这笔到账' }).click()
    await expect(finance.getByRole('heading', { level: 1 })).toContainText('到账 ¥')
    await expectSound(finance)
    await finance.goto('/online')
    await expectSound(finance)
    const counter = await enter(browser, 'demo-counter', options)
    for (const path of [new URL(paying).pathname, '/online']) expect((await counter.request.get(path)).status()).toBe(403)
  })
