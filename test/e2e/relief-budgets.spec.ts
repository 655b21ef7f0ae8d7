/** 额度：监管人员看用度、两人调整；企业看到排队和补减；公开页写明额度状况。 */
import { expect } from '@playwright/test'
import { enter, expectSound, phone, test, visit } from './people.ts'

for (const [width, options, yuan, after] of [
  ['桌面', {}, '1530', '¥1,530.00'],
  ['手机', phone, '1560', '¥1,560.00'],
] as const)
  test(`额度 · ${width}：看用度、两人调整、先来先补`, async ({ browser }) => {
    const first = await enter(browser, 'demo-province', options)
    await first.goto('/relief-budgets')
    await expect(first.getByText(/将尽，已用/).first()).toBeVisible()
    await expect(first.getByText(/已用完，已用 100/).first()).toBeVisible()
    await expectSound(first)
    await first
      .getByRole('row', { name: /温州/ })
      .getByRole('link', { name: /校准费用减半/ })
      .click()
    await expect(first.getByRole('heading', { level: 1 })).toContainText('的额度')
    const url = new URL(first.url()).pathname
    await expect(first.getByText('第 1 位')).toBeVisible()
    await expect(first.getByRole('heading', { name: '谁用了' })).toBeVisible()
    await expectSound(first)
    const csv = await first.request.get(`${url}/uses.csv`)
    expect(await csv.text()).toContain('受理时减')
    await first.getByText('调整额度……').click()
    await first.getByLabel('新的额度').fill('1')
    await first.getByLabel('依据').fill('示例浙财〔2026〕40号 第一条：追加')
    await first.getByRole('button', { name: '提交批准' }).click()
    await expect(first.getByRole('alert')).toContainText('不能低于已用的')
    await first.getByLabel('新的额度').fill(yuan)
    await first.getByRole('button', { name: '提交批准' }).click()
    await expect(first.getByText('提出和批准不能是同一个人').first()).toBeVisible()
    await expectSound(first)

    const second = await enter(browser, 'demo-province-2', options)
    await expect(second.getByText(/额度调整/).first()).toBeVisible()
    await second.goto(url)
    await second.getByText('批准……', { exact: true }).click()
    await second.getByRole('button', { name: '确认批准' }).click()
    await expect(second.getByText(`→ ${after}`).first()).toBeVisible()
    // Those in line are served by what hears of the change, a moment later.
    await expect(async () => {
      await second.goto(url)
      await expect(second.getByText('排队后补减').first()).toBeVisible({ timeout: 1_000 })
    }).toPass()

    await second.goto('/relief-flags')
    await expect(second.getByText('关联企业合用额度').first()).toBeVisible()
    await expectSound(second)
    await second.locator('main').getByRole('link', { name: /温州/ }).first().click()
    await expect(second.getByText('同一联系电话').first()).toBeVisible()
    await expectSound(second)
    await second.goto('/relief-budgets/new?slug=demo-zj-calibration-half')
    await expect(second.getByLabel('依据')).toBeVisible()
    await expectSound(second)

    const visitor = await visit(browser, options)
    await expect(async () => {
      await visitor.goto('/policies/demo-zj-calibration-half')
      await expect(visitor.getByText('温州市：额度已用完，可排队')).toBeVisible({ timeout: 1_000 })
    }).toPass()
    await expect(visitor.getByText('额度将尽', { exact: true })).toBeVisible()
    await expectSound(visitor)

    const counter = await enter(browser, 'demo-counter', options)
    for (const path of ['/relief-budgets', url, `${url}/uses.csv`, '/relief-flags'])
      expect((await counter.request.get(path)).status()).toBe(403)
  })
