/** A scale weighed at the bench, from the page of its sample to the record that waits for the signature. */
import { expect, type Page } from '@playwright/test'

export async function weigh(tester: Page): Promise<void> {
  await tester.getByRole('link', { name: '到检测台填写' }).click()
  await expect(tester.getByRole('heading', { name: '读数（kg）' })).toBeVisible()
  const fill = async (values: Record<string, string>) => {
    for (const [label, value] of Object.entries(values)) await tester.getByLabel(label).fill(value)
  }
  await fill({ 环境温度: '20', 相对湿度: '50', '最大秤量 Max': '15', '检定分度值 e': '0.005', '读数分辨力 d': '0.0005' })
  const standard = tester.getByLabel(/^标准器/)
  const option = await standard.locator('option', { hasText: 'FM-0001' }).getAttribute('value')
  await standard.selectOption(option!)
  await tester.getByRole('button', { name: '按参数重新取点' }).click()
  await expect(tester.getByLabel('第 5 点', { exact: true })).toHaveValue('15')
  for (let n = 1; n <= 5; n++) {
    const at = await tester.getByLabel(`第 ${n} 点`, { exact: true }).inputValue()
    for (let i = 1; i <= 3; i++) await tester.getByLabel(`第 ${n} 点 示值 ${i}`).fill(at)
  }
  for (const label of ['外观和标志', '偏载', '置零准确度']) await tester.getByLabel(label).selectOption('ok')
  // What is from memory decides nothing until somebody has compared it.
  await expect(tester.getByText('还不能完成')).toBeVisible()
  await tester.getByLabel('已对照现行规程核对').check()
  await tester.getByRole('button', { name: '完成，提交审核' }).click()
  await expect(tester.getByText('待审核', { exact: true })).toBeVisible()
}
