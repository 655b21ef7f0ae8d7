/** 微信付款：没填商户时哪里都没有；填好商户，企业扫码付成即入账；财务导入流水表。两种宽度都看。 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from '@playwright/test'
import { enter, expectSound, phone } from './people.ts'

let fake: ChildProcess
let wechat: { url: string; merchant: Record<string, string> }
test.beforeAll(async () => {
  fake = spawn(process.execPath, ['test/wechat-pay-fake.ts'], {
    env: { ...process.env, PORT: '4174' },
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
