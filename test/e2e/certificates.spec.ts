/** Anybody checks a certificate: with and without scripts, on a screen and on a telephone. */
import { expect, test } from '@playwright/test'
import { expectSound, phone } from './people.ts'

test('编号或校验码不对，说没有，并说怎么办；空着提交，说缺什么', async ({ browser }) => {
  const page = await (await browser.newContext({ locale: 'zh-CN', ...phone })).newPage()
  await page.goto('/check')
  await expectSound(page)
  await page.getByLabel('证书编号').fill('JD2026-999999')
  await page.getByLabel('校验码').fill('0000-0000')
  await page.getByRole('button', { name: '核对', exact: true }).click()
  await expect(page.getByRole('status')).toContainText('不是本平台出具')
  await expectSound(page)
  await page.goto('/check?number=&code=')
  await expect(page.getByText('请填写证书编号')).toBeVisible()
})

test('没有脚本也能核对文件；别处的文件说不是本平台出具', async ({ browser }) => {
  const page = await (await browser.newContext({ locale: 'zh-CN', javaScriptEnabled: false })).newPage()
  await page.goto('/check')
  await page
    .getByLabel('证书文件（PDF 或 XML）')
    .setInputFiles({ name: '示例.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 %%EOF') })
  await page.getByRole('button', { name: '核对文件' }).click()
  await expect(page.getByRole('status')).toContainText('不是本平台出具')
  await page.getByRole('button', { name: '核对文件' }).click()
  await expect(page.getByText('请选择证书文件').first()).toBeVisible()
})

test('打不开的二维码，说原因，给别的办法', async ({ page }) => {
  const response = await page.goto('/check/nothing')
  expect(response?.status()).toBe(404)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('没有这份证书')
  await expect(page.getByRole('link', { name: '按编号或文件核对' })).toBeVisible()
})
