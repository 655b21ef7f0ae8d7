/** J3: 个体户下单，强检 0 元、校准减半、缓缴、欠着出证、分两次付清；窗口和检测员始终看不到欠费。 */
import { expect, type Page } from '@playwright/test'
import { weigh } from './bench.ts'
import { api, enter, expectSound, phone, test } from './people.ts'

const order = async (page: Page, serial: string) => {
  await page.goto('/me/orders/new')
  await page.getByText('台账里没有的，直接填写').click()
  const first = page.getByRole('group', { name: '第 1 件' })
  await first.getByLabel('器具名称').fill('砝码')
  await first.getByLabel('出厂编号').fill(serial)
  await first.getByLabel('用途').selectOption('other')
  await first.getByLabel('做什么').selectOption('calibration')
  const second = page.getByRole('group', { name: '第 2 件' })
  await second.getByLabel('器具名称').fill('电子秤')
  await second.getByLabel('用途').selectOption('trade')
  await second.getByLabel('做什么').selectOption('verification')
  await page.getByLabel('机构', { exact: true }).selectOption({ label: '示例·杭州市计量检测院' })
  await page.getByLabel('电话').fill('13800000000')
  await page.getByRole('button', { name: '看价钱' }).click()
  await expect(page.getByRole('heading', { name: '价钱' })).toBeVisible()
}

for (const [width, options] of [
  ['桌面', {}],
  ['手机', phone],
] as const)
  test(`J3 · ${width}：先拿证书后付钱`, async ({ browser }) => {
    // Seven people, each in a browser of their own.
    test.setTimeout(150_000)
    const shop = await enter(browser, 'demo-individual', options)
    await order(shop, `W-${width}`)
    const row = shop.getByRole('row', { name: /砝码/ })
    if (await shop.getByLabel('我代表本单位作出以上承诺').isVisible()) {
      await expect(row).toContainText('承诺书')
      await shop.getByLabel('我代表本单位作出以上承诺').check()
    }
    await expectSound(shop)
    await shop.getByRole('button', { name: /^下单/ }).click()
    await expect(shop.getByRole('heading', { level: 1 })).toContainText('委托单')
    const [, orderId] = /\/me\/orders\/([0-9a-f-]{36})/.exec(shop.url())!

    const counter = await enter(browser, 'demo-counter', options)
    await counter.goto(`/orders/${orderId}`)
    await counter.getByLabel('第 2 件 是否强制检定').selectOption('mandatory')
    await expectSound(counter)
    await counter.getByRole('button', { name: '受理勾选的样品' }).click()
    await expect(counter.getByText('检测中', { exact: true })).toBeVisible()
    await expect(counter.getByRole('row', { name: /砝码/ })).toContainText('¥20.00')
    expect((await counter.request.get(`/orders/${orderId}/receipt.pdf`)).headers()['content-type']).toBe('application/pdf')

    await shop.reload()
    await expect(shop.getByRole('row', { name: /电子秤/ })).toContainText('财税〔2017〕20号')
    await shop.goto('/me/money/defer')
    await shop.getByLabel('分两次').check()
    await expectSound(shop)
    await shop.getByRole('button', { name: '申请缓缴' }).click()
    await expect(shop.getByRole('heading', { name: '缓缴' })).toBeVisible()
    await expectSound(shop)

    const tester = await enter(browser, 'demo-tester', options)
    const lines = (await api(tester, 'GET', `/orders/${orderId}`)).body.lines as unknown as { id: string; code: string }[]
    for (const { code } of lines) {
      await tester.goto(`/orders/${orderId}`)
      await tester
        .getByRole('row', { name: new RegExp(code) })
        .getByRole('link', { name: '样品页' })
        .click()
      if (code === '第 2 件') {
        // A template serves scales: the result comes from the record, and another tester checks it.
        await weigh(tester)
        const checker = await enter(browser, 'demo-checker', options)
        await checker.goto(tester.url())
        await checker.getByRole('button', { name: '核验' }).click()
        await expect(checker.getByText('已核验', { exact: true })).toBeVisible()
        await expectSound(checker)
        continue
      }
      await tester.getByLabel('证书编号').fill(`示例-${width}-${code}`)
      await tester.getByRole('button', { name: '提交审核' }).click()
      await expect(tester.getByText('待审核', { exact: true })).toBeVisible()
      await tester.getByLabel(/证书文件/).setInputFiles({ name: '证书.pdf', mimeType: 'application/pdf', buffer: pdf })
      await tester.getByRole('button', { name: '上传' }).click()
      await expect(tester.getByText('已上传')).toBeVisible()
    }
    await expectSound(tester)
    const approver = await enter(browser, 'demo-approver', options)
    for (const { code } of lines) {
      await approver.goto(`/orders/${orderId}`)
      await approver
        .getByRole('row', { name: new RegExp(code) })
        .getByRole('link', { name: '样品页' })
        .click()
      if (code === '第 2 件') await approver.getByRole('link', { name: /看测量记录/ }).click()
      await approver.getByRole('button', { name: '审核出证' }).click()
      if (code === '第 2 件') {
        await expect(approver.getByText('已出证', { exact: true })).toBeVisible()
        await approver.getByRole('link', { name: '样品' }).click()
      }
      await expect(approver.getByText('证书已出具', { exact: true })).toBeVisible()
    }
    await expectSound(approver)

    // While it is owed: the certificate is there.
    await shop.goto(`/me/orders/${orderId}`)
    await expect(shop.getByText('2 份证书已出具')).toBeVisible()
    const href = await shop.getByRole('link', { name: '下载证书' }).first().getAttribute('href')
    expect((await shop.request.get(href!)).status()).toBe(200)
    await counter.goto(`/orders/${orderId}`)
    await counter.getByLabel('取样人').fill('示例·老吴')
    await counter.getByRole('button', { name: '交还勾选的' }).click()
    await expect(counter.getByText('已完成', { exact: true })).toBeVisible()

    // Neither counter nor tester ever sees what is owed.
    for (const page of [counter, tester, approver])
      for (const path of ['/me/money', '/books', '/payments', '/books.csv', '/books-periods'])
        expect((await page.request.get(path)).status()).toBe(403)

    const finance = await enter(browser, 'demo-finance', options)
    for (const [n, amount] of ['7.50', '12.50'].entries()) {
      await finance.goto('/payments')
      if (!(await finance.getByLabel('银行流水号或收据号').isVisible())) await finance.getByText('登记一笔到账').click()
      await finance.getByLabel('银行流水号或收据号').fill(`LS-${width === '桌面' ? 'D' : 'P'}-${n}`)
      await finance.getByLabel('付款人').fill('示例·杭州萧山甲一菜场摊位')
      await finance.getByLabel('金额').fill(amount)
      await finance.getByRole('button', { name: '登记并去认领' }).click()
      await expect(finance.getByRole('heading', { level: 1 })).toContainText('到账 ¥')
      await finance.getByLabel(/付款人相符/).check()
      await expectSound(finance)
      await finance.getByRole('button', { name: '入账' }).click()
      await expect(finance.getByRole('heading', { name: '分录' })).toBeVisible()
    }
    await expectSound(finance)
    // The deferral is settled by what hears of the payment, a moment later.
    await expect(async () => {
      await shop.goto('/me/money')
      await expect(shop.getByText('已付清').first()).toBeVisible({ timeout: 1_000 })
    }).toPass()
    const { body } = await api(shop, 'GET', '/statement')
    expect(body).toMatchObject({ outstandingFen: '0', deferredFen: '0' })
    expect(body.feeFen).toBe(String(Number(body.savedFen) + Number(body.paidFen)))
  })

/** The smallest document that is one. */
const pdf = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
)
