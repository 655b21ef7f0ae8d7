/** 没减的一键申请复核：补填从业人员，财务重算、另一位财务批准；不支持的申诉，主管部门两人经手。 */
import { expect, type Page } from '@playwright/test'
import { api, enter, expectSound, phone, test } from './people.ts'

/** Opens the reasons of one line and asks for the review of the policy that halves calibration. */
async function ask(page: Page, line: string): Promise<string> {
  const row = page.getByRole('row', { name: new RegExp(line) })
  await row.getByText(/^(依据|为什么没有减)$/).click()
  await expectSound(page)
  await row.getByRole('button', { name: /校准费用减半办法》申请复核/ }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('减免复核')
  return /\/me\/relief-reviews\/([0-9a-f-]{36})/.exec(page.url())![1]!
}

/** Reports how many people work here, if it is not known yet. */
async function tellEmployees(page: Page): Promise<void> {
  await page.goto('/me/profile')
  const fact = page.locator('#employees')
  if (await fact.getByText('未填').isVisible()) {
    await fact.getByText('填写', { exact: true }).click()
    await fact.getByLabel('现有从业人员多少人？').fill('42')
    await fact.getByRole('button', { name: '保存' }).click()
    await expect(page.getByText('已更新“从业人员”')).toBeVisible()
  }
  await expect(fact).toContainText('42')
}

/** What was pledged has changed, so it is pledged again. */
async function pledgeAgain(page: Page, id: string): Promise<void> {
  await page.goto(`/me/relief-reviews/${id}`)
  await expect(page.getByText('还要签承诺书，才能补减')).toBeVisible()
  await expectSound(page)
  await page.getByRole('link', { name: '去“费用”里签' }).click()
  await page.getByRole('button', { name: '签承诺书' }).click()
  await expect(page.getByRole('button', { name: '签承诺书' })).toHaveCount(0)
}

/** Of a statement, what is off and what is owed, in 分. */
const sums = async (page: Page) => {
  const { savedFen, outstandingFen } = (await api(page, 'GET', '/statement')).body as unknown as Record<string, string>
  return { saved: Number(savedFen), outstanding: Number(outstandingFen) }
}

test.describe.configure({ mode: 'serial' })

for (const [width, line, options] of [
  ['桌面', '第 2 件', {}],
  ['手机', '第 3 件', phone],
] as const)
  test(`减免复核 · ${width}：补填事实，同意要两个人，委托单和费用都变`, async ({ browser }) => {
    const firm = await enter(browser, 'demo-enterprise', options)
    const { items } = (await api(firm, 'GET', '/relief-reviews?state=asked')).body as unknown as { items: { orderId: string }[] }
    const { orderId } = items[0]!
    await firm.goto(`/me/orders/${orderId}`)
    const id = await ask(firm, line)
    await expect(firm.getByText('待机构复核', { exact: true })).toBeVisible()
    await expectSound(firm)
    await tellEmployees(firm)
    if (width === '桌面') await pledgeAgain(firm, id)
    const before = await sums(firm)

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
    const after = await sums(firm)
    expect(after.saved).toBeGreaterThan(before.saved)
    expect(after.saved - before.saved).toBe(before.outstanding - after.outstanding)
    await firm.goto(`/me/relief-reviews/${id}`)
    await expect(firm.getByText(/^已补减 ¥/)).toBeVisible()
    await firm.goto(`/me/orders/${orderId}`)
    await expect(firm.getByRole('row', { name: new RegExp(line) })).toContainText('其中复核补减')
    await expectSound(firm)
    await firm.goto('/me/money')
    await firm.getByText(/^账目（/).click()
    await expect(firm.getByRole('table', { name: '账目' }).getByRole('row', { name: /复核/ }).first()).toBeVisible()
    await expectSound(firm)
  })

for (const [width, options] of [
  ['桌面', {}],
  ['手机', phone],
] as const)
  test(`申诉 · ${width}：机构不支持，企业申诉，一位监管人员拟办，另一位确认`, async ({ browser }) => {
    const firm = await enter(browser, 'demo-enterprise', options)
    const { items } = (await api(firm, 'GET', '/relief-reviews')).body as unknown as {
      items: { id: string; state: string; orderId: string }[]
    }
    // At the desk's width the appeal that the demo told; on the phone the one that still waits at finance, from its refusal on.
    let id = items.find(({ state }) => state === 'appealed')?.id
    if (width === '手机') {
      id = items.find(({ state }) => state === 'asked')!.id
      const finance = await enter(browser, 'demo-finance', options)
      await finance.goto(`/relief-reviews/${id}`)
      await finance.getByText('不支持……').click()
      await finance.getByLabel('原因').selectOption({ index: 1 })
      await finance.getByLabel('理由').fill('示例：看不出是哪一年的数')
      await finance.getByRole('button', { name: '不支持', exact: true }).click()
      await expect(finance.getByRole('alert')).toContainText('依据哪一条')
      await expectSound(finance)
      await finance.getByLabel('依据的条款').fill('示例办法 第二条')
      await finance.getByRole('button', { name: '不支持', exact: true }).click()
      await expect(finance.getByText(/前向主管部门申诉一次/)).toBeVisible()
      await firm.goto(`/me/relief-reviews/${id}`)
      await expectSound(firm)
      await firm.getByLabel('意见').fill('单位规模一直没变')
      await firm.getByRole('button', { name: '申诉', exact: true }).click()
      await expect(firm.getByText('单位规模一直没变').first()).toBeVisible()
    }

    const city = await enter(browser, 'demo-city', options)
    await city.goto('/relief-reviews')
    await expectSound(city)
    await city.goto(`/relief-reviews/${id}`)
    await expect(city.getByText(/比已经减的多/)).toContainText('¥')
    await expectSound(city)
    await city
      .locator('form', { has: city.locator('input[name="step"][value="propose-uphold"]') })
      .getByLabel('理由')
      .fill('从业人员已补填，属于小型企业')
    await city.getByRole('button', { name: '拟支持', exact: true }).click()
    await expect(city.getByText('拟支持，待另一人确认', { exact: true })).toBeVisible()
    await expect(city.getByRole('button', { name: '确认支持申诉并记账' })).toBeDisabled()
    await expectSound(city)

    const province = await enter(browser, 'demo-province', options)
    await province.goto(`/relief-reviews/${id}`)
    await province.getByText('支持申诉并记账……').click()
    await province.getByRole('button', { name: '确认支持申诉并记账' }).click()
    await expect(province.getByText(/^已补减 ¥/)).toBeVisible()
    await expectSound(province)
    await firm.goto(`/me/relief-reviews/${id}`)
    await expect(firm.getByText(/^已补减 ¥/)).toBeVisible()
    await expectSound(firm)
  })
