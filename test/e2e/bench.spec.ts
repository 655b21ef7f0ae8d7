/** 检测台：边填边算、自动保存、断网不丢、没有脚本也能填；桌面、平板、手机。 */
import { expect, type Page } from '@playwright/test'
import { api, enter, expectSound, phone, test } from './people.ts'

/** The half-filled record of the demo. */
async function halfFilled(page: Page): Promise<string> {
  const { items } = (await api(page, 'GET', '/order-lines?state=received')).body as unknown as { items: { id: string; name: string }[] }
  for (const { id } of items) if ((await api(page, 'GET', `/order-lines/${id}/record`)).status === 200) return `/bench/${id}/record`
  throw new Error('演示里没有填了一半的记录')
}

for (const [width, options] of [
  ['桌面', {}],
  ['平板', { viewport: { width: 820, height: 1180 } }],
  ['手机', phone],
] as const)
  test(`检测台 · ${width}：回车到下一个读数，边填边算，自动保存`, async ({ browser }) => {
    const page = await enter(browser, 'demo-tester', options)
    const path = await halfFilled(page)
    await page.goto(path)
    await expectSound(page)
    const first = page.getByLabel('第 3 点 读数 1')
    expect(await first.getAttribute('inputmode')).toBe('decimal')
    const at = await page.getByLabel('第 3 点', { exact: true }).inputValue()
    await first.fill(at)
    await first.press('Enter')
    await expect(page.getByLabel('第 3 点 读数 2')).toBeFocused()
    await page.keyboard.type(at)
    await page.keyboard.press('Enter')
    await page.keyboard.type((Number(at) + 0.003).toFixed(3))
    // The error of the mean stands there while one types.
    await expect(page.getByRole('row').filter({ has: page.getByLabel('第 3 点', { exact: true }) })).toContainText('0.001')
    await expect(page.getByText(/已自动保存/)).toBeVisible()
    await page.keyboard.press('ArrowUp')
    await expect(page.getByLabel('第 2 点 读数 3')).toBeFocused()
    await page.reload()
    await expect(first).toHaveValue(at)

    // Without the network nothing typed is lost, and it is said.
    await page.context().setOffline(true)
    const last = page.getByLabel('第 4 点 读数 1')
    await last.fill(width === '桌面' ? '71.501' : width === '平板' ? '71.502' : '71.503')
    const typed = await last.inputValue()
    await expect(page.getByText(/网络不通/)).toBeVisible()
    await page.context().setOffline(false)
    await expect(page.getByText(/已自动保存/)).toBeVisible({ timeout: 15_000 })
    await page.reload()
    await expect(last).toHaveValue(typed)

    await page.getByText(/^第 1 点 .*E = /).click()
    // Watched while it runs, answered on the page; nothing that was typed is posted away.
    await page.getByRole('button', { name: '用蒙特卡洛法核对第 1 点' }).click()
    await expect(page.getByText(/第 1 点模拟 [\d,]+ 次/)).toBeVisible()
    await expect(last).toHaveValue(typed)
    await expect(page.getByRole('table', { name: '第 1 点各分量的贡献' })).toContainText('量块')
    await expectSound(page)
  })

test('没有脚本：填完按保存，打开还在；没核对规程不能完成，填的不丢', async ({ browser }) => {
  const path = await halfFilled(await enter(browser, 'demo-tester'))
  const page = await enter(browser, 'demo-tester', { javaScriptEnabled: false })
  await page.goto(path)
  await page.getByLabel('第 5 点 读数 1').fill('75.001')
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await expect(page.getByLabel('第 5 点 读数 1')).toHaveValue('75.001')
  await page.getByLabel('第 5 点 读数 2').fill('75.002')
  await page.getByRole('button', { name: '完成，提交审核' }).click()
  await expect(page.getByRole('alert')).toContainText('还不能完成')
  await expect(page.getByLabel('第 5 点 读数 2')).toHaveValue('75.002')
  await page.getByText(/^第 1 点 .*E = /).click()
  await page.getByRole('button', { name: '用蒙特卡洛法核对第 1 点' }).click()
  await expect(page.getByText(/第 1 点模拟 [\d,]+ 次/)).toBeVisible()
  await expect(page.getByLabel('第 5 点 读数 2')).toHaveValue('75.002')
})

test('模拟可以停：停下就说停了，没有结果，还能再来', async ({ browser }) => {
  const page = await enter(browser, 'demo-tester')
  await page.goto(await halfFilled(page))
  // An answer that never comes stands for a long one; that the thread itself ends is tested beside it.
  await page.route('**/record/simulate', () => {})
  await page.getByText(/^第 1 点 .*E = /).click()
  await page.getByRole('button', { name: '用蒙特卡洛法核对第 1 点' }).click()
  await expect(page.getByRole('progressbar', { name: '第 1 点模拟的进度' })).toBeVisible()
  await page.getByRole('button', { name: '停止' }).click()
  await expect(page.getByText('已停止，没有结果。')).toBeVisible()
  await page.unroute('**/record/simulate')
  await page.getByRole('button', { name: '用蒙特卡洛法核对第 1 点' }).click()
  await expect(page.getByText(/第 1 点模拟 [\d,]+ 次/)).toBeVisible()
})

for (const [how, options] of [
  ['有脚本', phone],
  ['没有脚本', { javaScriptEnabled: false }],
] as const)
  test(`核验 · ${how}：以往的误差画在记录里，判定规则写明`, async ({ browser }) => {
    const page = await enter(browser, 'demo-checker', options)
    const { items } = (await api(page, 'GET', '/order-lines?state=tested')).body as unknown as { items: { id: string; name: string }[] }
    await page.goto(`/bench/${items.find(({ name }) => name === '压力表')!.id}/record`)
    await expect(page.getByRole('img', { name: /的误差（MPa）：2 次/ }).first()).toBeVisible()
    await expect(page.getByText('U 大于最大允许误差 1/3 的计入 U')).toBeVisible()
    await expect(page.getByRole('button', { name: '核验' })).toBeEnabled()
    if (how === '有脚本') await expectSound(page)
  })

test('核验：按检定规程评定、不计不确定度的，不勾选同意就核验不了', async ({ browser }) => {
  const page = await enter(browser, 'demo-checker')
  const { items } = (await api(page, 'GET', '/order-lines?state=tested')).body as unknown as { items: { id: string; name: string }[] }
  await page.goto(`/bench/${items.find(({ name }) => name.includes('卡尺'))!.id}/record`)
  await expect(page.getByText('待核验员同意')).toBeVisible()
  await expectSound(page)
  await page.getByRole('button', { name: '核验' }).click()
  await expect(page.getByText('待核验员同意')).toBeVisible()
  await page.getByLabel('同意按检定规程评定，不计测量不确定度').check()
  await page.getByRole('button', { name: '核验' }).click()
  await expect(page.getByText(/核验员示例·核验员小蒋已同意/)).toBeVisible()
})

test('三种证书都能打开：检定证书、检定结果通知书、校准证书', async ({ browser }) => {
  const page = await enter(browser, 'demo-enterprise')
  await page.goto('/me/certificates')
  for (const number of [/^JD/, /^TZ/, /^XZ/]) {
    const href = await page.getByRole('main').getByRole('link', { name: number }).first().getAttribute('href')
    const pdf = await page.request.get(`${href}/document/pdf`)
    expect([pdf.status(), pdf.headers()['content-type']]).toEqual([200, 'application/pdf'])
  }
})

test('批准人看得到记录、分量和标准器，签字以后证书从记录出', async ({ browser }) => {
  const page = await enter(browser, 'demo-approver')
  const { items } = (await api(page, 'GET', '/order-lines?state=tested')).body as unknown as { items: { id: string; name: string }[] }
  const line = items.find(({ name }) => name.includes('千分尺'))!
  await page.goto(`/bench/${line.id}/record`)
  await expect(page.getByText('检测员已对照现行规程核对')).toBeVisible()
  await expect(page.getByText(/量块（3 等） LK-0002/)).toBeVisible()
  await expectSound(page)
  await page.getByRole('button', { name: '审核出证' }).click()
  await expect(page.getByText('已出证', { exact: true })).toBeVisible()
  const record = (await api(page, 'GET', `/order-lines/${line.id}/record`)).body as unknown as { state: string }
  expect(record.state).toBe('issued')
  await page.goto('/certificates')
  await expect(page.getByText(/千分尺/).first()).toBeVisible()
})
