/** 没减的一键申请复核：财务重算、另一位财务批准；不支持的申诉，主管部门两人经手。 */
import { expect, test, type Page } from '@playwright/test'
import { api, enter, expectSound, phone } from './people.ts'

/** Opens the reasons of one line and asks for the review of the first policy with these words. */
async function ask(page: Page, line: string, title: RegExp): Promise<string> {
  const row = page.getByRole('row', { name: new RegExp(line) })
  await row.getByText(/^(依据|为什么没有减)$/).click()
  await expectSound(page)
  await row.getByRole('button', { name: title }).first().click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('减免复核')
  return /\/me\/relief-reviews\/([0-9a-f-]{36})/.exec(page.url())![1]!
}

for (const [width, line, options] of [
  ['桌面', '第 2 件', {}],
  ['手机', '第 3 件', phone],
] as const)
  test(`减免复核 · ${width}：同意要两个人，不同意可以申诉`, async ({ browser }) => {
    const firm = await enter(browser, 'demo-enterprise', options)
    const { items } = (await api(firm, 'GET', '/relief-reviews')).body as unknown as { items: { state: string; orderId: string }[] }
    const { orderId } = items.find(({ state }) => state !== 'appealed' && state !== 'dismissed')!
    await firm.goto(`/me/orders/${orderId}`)
    const id = await ask(firm, line, /校准费用减半办法》申请复核/)
    await expect(firm.getByText('待机构复核', { exact: true })).toBeVisible()
    await expectSound(firm)

    const counter = await enter(browser, 'demo-counter', options)
    expect((await counter.request.get(`/relief-reviews/${id}`)).status()).toBe(403)
    await counter.goto(`/orders/${orderId}`)
    await expect(counter.getByRole('heading', { level: 1 })).toContainText('委托单')
    await expect(counter.getByText('申请复核')).toHaveCount(0)

    const finance = await enter(browser, 'demo-finance', options)
    await finance.goto('/relief-reviews')
    await expectSound(finance)
    await finance.goto(`/relief-reviews/${id}`)
    await expect(finance.getByText(/比已经减的多/)).toContainText('¥')
    await expectSound(finance)
    await finance.getByRole('button', { name: '同意补减，报另一人批准' }).click()
    await expect(finance.getByText('待第二人批准', { exact: true })).toBeVisible()
    await expect(finance.getByRole('button', { name: '确认批准补减并记账' })).toBeDisabled()
    await expect(finance.getByText(/不能是同一个人/).first()).toBeVisible()
    await expectSound(finance)

    const second = await enter(browser, 'demo-finance-2', options)
    await second.goto(`/relief-reviews/${id}`)
    await second.getByText('批准补减并记账……').click()
    await second.getByRole('button', { name: '确认批准补减并记账' }).click()
    await expect(second.getByText(/^已补减 ¥/)).toBeVisible()
    await firm.reload()
    await expect(firm.getByText(/^已补减 ¥/)).toBeVisible()
    await firm.goto(`/me/orders/${orderId}`)
    await expect(firm.getByRole('row', { name: new RegExp(line) })).toContainText('其中复核补减')
    await expectSound(firm)
  })

test('申诉：一位监管人员拟办，另一位确认', async ({ browser }) => {
  const city = await enter(browser, 'demo-city')
  const { items } = (await api(city, 'GET', '/relief-reviews?state=appealed')).body as unknown as { items: { id: string }[] }
  const path = `/relief-reviews/${items[0]!.id}`
  await city.goto('/relief-reviews')
  await expectSound(city)
  await city.goto(path)
  await expectSound(city)
  await city
    .locator('form', { has: city.locator('input[name="step"][value="propose-uphold"]') })
    .getByLabel('理由')
    .fill('承诺书已补签')
  await city.getByRole('button', { name: '拟支持', exact: true }).click()
  await expect(city.getByText('拟支持，待另一人确认', { exact: true })).toBeVisible()
  await expect(city.getByRole('button', { name: '确认支持申诉并记账' })).toBeDisabled()

  const province = await enter(browser, 'demo-province', phone)
  await province.goto(path)
  await expectSound(province)
  await province.getByText('支持申诉并记账……').click()
  await province.getByRole('button', { name: '确认支持申诉并记账' }).click()
  await expect(province.getByText(/^已补减 ¥/)).toBeVisible()
})
