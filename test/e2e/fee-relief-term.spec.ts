/** J3 的反面：缓缴期满还没付清，新的收费单先约定付款计划；旧证书照常下载，强制检定照常办；约好以后可以下单。 */
import { expect, type Page } from '@playwright/test'
import { api, enter, expectSound, phone, test } from './people.ts'

async function order(page: Page, line: { name: string; use: string; service: string }) {
  await page.goto('/me/orders/new')
  const first = page.getByRole('group', { name: '第 1 件' })
  // Open by itself where the ledger is empty.
  if (!(await first.isVisible())) await page.getByText('台账里没有的，直接填写').click()
  await first.getByLabel('器具名称').fill(line.name)
  await first.getByLabel('用途').selectOption(line.use)
  await first.getByLabel('做什么').selectOption(line.service)
  await page.getByLabel('机构', { exact: true }).selectOption({ label: '示例·杭州市计量检测院' })
  await page.getByLabel('电话').fill('0571-00000000')
  await page.getByRole('button', { name: '看价钱' }).click()
  await expect(page.getByRole('heading', { name: '价钱' })).toBeVisible()
  await page.getByRole('button', { name: /^下单/ }).click()
}

const weight = { name: '砝码', use: 'other', service: 'calibration' }
const lensmeter = { name: '焦度计', use: 'medical', service: 'verification' }
const placed = (page: Page) => expect(page.getByRole('heading', { level: 1 })).toContainText('委托单')

/** One story on one database: it begins before the plan and ends with it. */
test('J3 反面：期满以后', async ({ browser }) => {
  test.setTimeout(180_000)
  const shop = await enter(browser, 'demo-past-term')

  // With a fee: a plan first, said with the deferral and what is not touched by it; what was filled in stays.
  await order(shop, weight)
  await expect(shop.getByText(/请先约定付款计划/)).toBeVisible()
  await expect(shop.getByText(/强制检定不受影响，已发的证书照常下载/)).toBeVisible()
  await expect(shop.getByRole('group', { name: '第 1 件' }).getByLabel('器具名称')).toHaveValue('砝码')
  await expectSound(shop)

  // The counter never hears why: an order that was not placed is nowhere.
  const counter = await enter(browser, 'demo-counter')
  await counter.goto('/orders?state=placed')
  await expect(counter.getByText('萧山戊五眼镜店')).toHaveCount(0)

  // The old certificates download as ever.
  await shop.goto('/me/orders')
  const { body } = await api(shop, 'GET', '/orders')
  const [old] = body.items as unknown as { id: string; number: string }[]
  await shop.goto(`/me/orders/${old!.id}`)
  const links = shop.getByRole('link', { name: '下载证书' })
  await expect(links).toHaveCount(2)
  for (const link of await links.all()) {
    const answer = await shop.request.get((await link.getAttribute('href'))!)
    expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'application/pdf'])
  }

  // 强制检定 needs no plan (《计量法》第九条).
  await order(shop, lensmeter)
  await placed(shop)
  await expect(shop.getByRole('row', { name: /焦度计/ })).toContainText('财税〔2017〕20号')

  // On a phone: what is left, the plan, and then the order goes through.
  const pocket = await enter(browser, 'demo-past-term', phone)
  await pocket.goto('/me/money')
  await expect(pocket.getByText('新单先约定', { exact: true })).toBeVisible()
  await expectSound(pocket)
  await pocket.getByRole('link', { name: '约定付款计划' }).click()
  await pocket.getByLabel(/分 3 次/).check()
  await expectSound(pocket)
  await pocket.getByRole('button', { name: '约定', exact: true }).click()
  await expect(pocket).toHaveURL(/\/me\/money$/)
  await expect(pocket.getByText('已由新计划代替')).toBeVisible()
  await expectSound(pocket)

  await order(shop, weight)
  await placed(shop)
  await expect(shop.getByRole('row', { name: /砝码/ })).toBeVisible()
})
