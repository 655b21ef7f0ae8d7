/** 监管人员：看减免成效，点到单；改一项政策，用过去的单算一遍，离开再回来，分县看结果。 */
import { expect } from '@playwright/test'
import { api, enter, expectSound, phone, test } from './people.ts'

for (const [width, options] of [
  ['桌面', {}],
  ['手机', phone],
] as const) {
  test(`减免成效 · ${width}：分月、分县、逐单是同一个数`, async ({ browser }) => {
    const officer = await enter(browser, 'demo-province', options)
    await officer.goto('/relief')
    await expect(officer.getByRole('heading', { name: '减免成效' })).toBeVisible()
    await expectSound(officer)
    await officer
      .getByRole('table', { name: /分县少付/ })
      .getByRole('link')
      .first()
      .click()
    await expect(officer).toHaveURL(/region=33/)
    await officer.getByRole('table', { name: '减得多的在前' }).getByRole('link').first().click()
    await expect(officer.getByRole('heading', { level: 1 })).toContainText('委托单')
    expect((await officer.request.get('/relief.csv')).headers()['content-type']).toContain('text/csv')
  })

  test(`政策模拟 · ${width}：改比例，离开再回来，看分县；别的局看不到`, async ({ browser }) => {
    const officer = await enter(browser, 'demo-province', options)
    await officer.goto('/simulations/new')
    await expectSound(officer)
    const policy = (await officer.locator('option').allTextContents()).find((text) => /年小微企业校准费用减半办法/.test(text))!
    await officer.getByLabel('政策', { exact: true }).selectOption({ label: policy })
    await officer.getByRole('button', { name: '下一步：改条件' }).click()
    await officer.getByLabel('减免比例').fill('120')
    await officer.getByLabel('名字').fill(`示例模拟 ${width}`)
    await officer.getByRole('button', { name: '开始计算' }).click()
    await expect(officer.getByRole('alert')).toContainText('0.01 到 100')
    await expectSound(officer)
    await officer.getByLabel('减免比例').fill('100')
    await officer.getByRole('button', { name: '开始计算' }).click()
    await expect(officer).toHaveURL(/\/simulations\/[0-9a-f-]{36}$/)
    const page = officer.url()
    await officer.goto('/simulations')
    await expectSound(officer)
    await officer.goto(page)
    await expect(officer.getByText('已算完', { exact: true })).toBeVisible({ timeout: 30_000 })
    await expect(officer.getByRole('heading', { name: '分县' })).toBeVisible()
    await expectSound(officer)
    const id = page.split('/').at(-1)!
    const { body } = await api(officer, 'GET', `/simulations/${id}`)
    const { total } = body as unknown as { total: { beforeFen: string; afterFen: string } }
    expect(Number(total.afterFen)).toBeGreaterThan(Number(total.beforeFen))
    expect((await officer.request.get(`/simulations/${id}/export.csv`)).status()).toBe(200)
    const county = await enter(browser, 'demo-county', options)
    expect((await county.goto(page))!.status()).toBe(404)
  })
}
