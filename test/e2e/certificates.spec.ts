/** Anybody checks a certificate: with and without scripts, on a screen and on a telephone. J4: from due to confirmed, traced and closed. */
import { expect, type Page } from '@playwright/test'
import { calibrated } from '../../src/commons/certificates/samples.ts'
import type { CertificateContent } from '../../src/commons/certificates/content.ts'
import { enterprises } from '../../src/demo/enterprises.ts'
import { api, enter, expectSound, phone, test, visit } from './people.ts'
import { laboratory, signedDcc } from './signer.ts'

test('编号或校验码不对，说没有，并说怎么办；空着提交，说缺什么', async ({ browser }) => {
  const page = await visit(browser, phone)
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
  const page = await visit(browser, { javaScriptEnabled: false })
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

for (const [width, options] of [
  ['桌面', {}],
  ['手机', phone],
] as const)
  test(`签名密钥：换新，吊销换下来的一把；没写原因的不吊销，填的不丢（${width}）`, async ({ browser }) => {
    const page = await enter(browser, 'demo-approver', options)
    await page.goto('/certificates')
    await page.getByRole('link', { name: '签名密钥' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('签名密钥')
    await expectSound(page)
    if (await page.getByText('还没有签名密钥').isVisible()) expect((await api(page, 'POST', '/signing-keys')).status).toBe(200)
    await page.goto('/certificates/keys')
    await page.getByRole('row').filter({ hasText: '正在使用' }).getByRole('link').click()
    await shown(page, '有效')
    const old = page.url()
    await expectSound(page)
    await page.getByText('换新……').click()
    await page.getByRole('button', { name: '确认换新' }).click()
    await expect(page).not.toHaveURL(old)
    await shown(page, '有效')
    await page.goto(old)
    await shown(page, '已换新')
    await page.getByText('吊销……').click()
    await page.getByLabel('从哪一天起不能采信').fill(day(0))
    await page.getByRole('button', { name: '确认吊销' }).click()
    await expect(page.getByText('请填写意见').first()).toBeVisible()
    await expectSound(page)
    await page.getByLabel('吊销原因').fill('演练')
    await page.getByRole('button', { name: '确认吊销' }).click()
    await shown(page, '已吊销')
    await expect(page.locator('main')).toContainText('演练')
    await expectSound(page)
    // Another desk has no business here.
    expect((await (await enter(browser, 'demo-tester')).goto(old.replace(/^.*(\/certificates)/, '$1')))?.status()).toBe(403)
  })

const day = (from: number) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date(Date.now() + from * 86_400_000))

interface Caliper {
  id: string
  code: string
  serial: string
}

/** Three calipers that are due within the week, and a spare of the same kind. */
async function calipers(page: Page, prefix: string): Promise<Caliper[]> {
  const made: Caliper[] = []
  for (const n of [1, 2, 3, 4]) {
    const [code, serial] = [`${prefix}-${n}`, `${prefix}S${n}`]
    const { status, body } = await api(page, 'POST', '/instruments', {
      code,
      name: '数显卡尺',
      kind: 'caliper',
      serial,
      range: '0～300 mm',
      use: 'other',
      place: '装配车间',
      point: `${prefix} 工位`,
      intervalMonths: '12',
      lastKind: '校准',
      lastConclusion: '不作结论',
      lastDoneOn: n === 4 ? day(-30) : day(-361),
      state: n === 4 ? '备用' : '在用',
    })
    expect(status, JSON.stringify(body)).toBe(200)
    made.push({ id: String(body.id), code, serial })
  }
  return made
}

const certificateOf = ({ code, serial }: Caliper, client: string, error: string): CertificateContent => ({
  ...calibrated,
  number: `BC-${code}`,
  institution: { ...calibrated.institution, name: laboratory },
  client: { name: client },
  item: { name: '数显卡尺', serial, code },
  dates: { performedFrom: day(0), performed: day(0), issued: day(0) },
  tables: [{ title: '示值误差', quantity: '长度', unit: 'mm', coverage: '0.95', rows: [{ nominal: '100', error, U: '0.01', k: '2' }] }],
})

const shown = (page: Page, state: string) => expect(page.locator('.page-title').getByText(state, { exact: true })).toBeVisible()

/** The need, what follows, the signature. */
async function confirm(page: Page, verdict: string): Promise<void> {
  await expect(page.getByText('数据已从证书读入')).toBeVisible()
  await expectSound(page)
  await page.getByLabel('允许误差 ±').fill('0.05')
  await page.getByRole('button', { name: '看结论' }).click()
  await expect(page).toHaveURL(/\/me\/confirmations\//)
  await page.getByLabel(verdict, { exact: true }).check()
  await expectSound(page)
  await page.getByRole('button', { name: '签字确认' }).click()
  await expect(page.getByText(`已确认：${verdict}`)).toBeVisible()
  await expectSound(page)
}

for (const [width, prefix, options] of [
  ['桌面', 'J4A', {}],
  ['手机', 'J4B', phone],
] as const)
  test(`J4 到期的打包送检，备用顶上，数字证书自动记入台账，一件超差追溯到签字结案；没有核对的 PDF 不能算合格（${width}）`, async ({
    browser,
  }) => {
    test.setTimeout(240_000)
    const firm = await enter(browser, 'demo-anqing', options)
    const client = enterprises.find(({ key }) => key === 'e-aq-1')!.name
    const made = await calipers(firm, prefix)
    const [bad, good, paper] = made as [Caliper, Caliper, Caliper, Caliper]
    const complete = async () => {
      const { body } = await api(firm, 'GET', `/instruments?q=${prefix}-&limit=100`)
      expect((body.items as unknown as { code: string }[]).map(({ code }) => code).toSorted()).toEqual(made.map(({ code }) => code))
    }
    await complete()

    // 本周该送的在工作台上；打包，同一工位的备用顶上。
    await firm.goto('/desk')
    await expect(firm.getByRole('heading', { name: '本周计量' })).toBeVisible()
    await expectSound(firm)
    await firm.goto('/me/instruments/due')
    await expect(firm.getByRole('button', { name: '一键打包送检' }).first()).toBeVisible()
    await expectSound(firm)
    await firm.goto(`/me/send-outs/new?ids=${[bad, good, paper].map(({ id }) => id).join(',')}`)
    await expect(firm.getByRole('heading', { name: /安排 3 件送检/ })).toBeVisible()
    await expect(firm.locator('main')).toContainText(/由备用的 .* 顶上/)
    await expectSound(firm)
    for (const box of await firm.getByLabel(/^仍要送 .* 的理由/).all()) await box.fill('当天取回')
    await firm.getByLabel('送到哪家机构').fill(laboratory)
    await firm.getByRole('button', { name: /^生成送检单/ }).click()
    await expect(firm.getByRole('heading', { name: /^送检单 / })).toBeVisible()
    await complete()
    await firm.getByRole('button', { name: '送出', exact: true }).click()
    await shown(firm, '送检中')
    await expectSound(firm)
    await complete()
    for (const box of await firm.getByRole('checkbox').all()) await box.check()
    await firm.getByRole('button', { name: '勾选的已取回' }).click()
    await expect(firm.locator('main')).toContainText('取回')
    await complete()

    // PDF 没有人核对：等着，器具不能确认可用。
    await firm.goto(`/me/instruments/${paper.id}`)
    await firm.getByRole('link', { name: '上传证书' }).click()
    await expectSound(firm)
    const scan = { name: '校准证书.pdf', mimeType: 'application/pdf', buffer: Buffer.from(`%PDF-1.7\n${prefix} 合格\n%%EOF`) }
    await firm.getByLabel('证书文件（XML 或 PDF）').setInputFiles(scan)
    await firm.getByRole('button', { name: '上传', exact: true }).click()
    await shown(firm, '待核对')
    await expectSound(firm)
    await firm.getByLabel('校准', { exact: true }).check()
    await firm.getByLabel('不作结论').check()
    await firm.getByRole('textbox', { name: '完成日期', exact: true }).fill(day(0))
    await firm.getByRole('button', { name: '记入台账' }).click()
    await expect(firm.getByText('请与证书逐项核对后勾选确认').first()).toBeVisible()
    await firm.goto(`/me/instruments/${paper.id}`)
    await shown(firm, '已取回待确认')
    const { version } = (await api(firm, 'GET', `/instruments/${paper.id}`)).body
    const forced = await api(firm, 'POST', `/instruments/${paper.id}/steps/confirm`, { version })
    expect([forced.status, JSON.stringify(forced.body)]).toEqual([409, expect.stringContaining('还没有录入')])

    // 两份数字证书一起传上来，自动记入；改动过的不收。
    const [first, second] = [signedDcc(certificateOf(bad, client, '0.20')), signedDcc(certificateOf(good, client, '0.01'))]
    await firm.goto('/me/certificates/upload')
    await expectSound(firm)
    await firm.getByLabel('证书文件（XML 或 PDF）').setInputFiles([
      { name: '一.xml', mimeType: 'application/xml', buffer: first },
      { name: '二.xml', mimeType: 'application/xml', buffer: second },
      { name: '三.xml', mimeType: 'application/xml', buffer: Buffer.from(second.toString().replace('>0.01<', '>0.00<')) },
    ])
    await firm.getByRole('button', { name: '上传', exact: true }).click()
    await expect(firm.locator('main')).toContainText('收到 3 个文件')
    await expect(firm.getByText('已记入台账')).toHaveCount(2)
    await expect(firm.locator('main')).toContainText('出具之后被改动过')
    await complete()
    await firm.getByRole('link', { name: '二.xml' }).click()
    await expectSound(firm)
    await firm.getByRole('link', { name: '作计量确认' }).click()
    await confirm(firm, '满足使用要求')
    await firm.goto(`/me/instruments/${good.id}`)
    await shown(firm, '在用')

    // 超差：停用，开出追溯；签字以前一直开着。
    await firm.goto('/me/confirmations')
    await expectSound(firm)
    await firm
      .getByRole('row', { name: new RegExp(bad.code) })
      .getByRole('link', { name: '作计量确认' })
      .click()
    await confirm(firm, '不满足使用要求')
    await firm.getByRole('link', { name: /^追溯评价 / }).click()
    await expect(firm.getByRole('heading', { name: new RegExp(`${bad.code} .* 超差`) })).toBeVisible()
    await expectSound(firm)
    const trace = firm.url()
    const still = async () => {
      await firm.goto('/me/traces')
      await expect(firm.locator('main')).toContainText(bad.code)
      await firm.goto(trace)
    }
    await still()
    if ((await firm.getByText('待评价').count()) === 0) {
      await firm.getByRole('textbox', { name: '用它测过什么' }).fill('泵轴 A21 批')
      await firm.getByRole('button', { name: '补充', exact: true }).click()
    }
    for (let left = await firm.getByText('待评价').count(); left > 0; left--) {
      const item = firm.locator('li', { hasText: '待评价' }).first()
      await item.locator('summary', { hasText: '评价' }).click()
      await item.getByRole('radio').first().check()
      await item.getByLabel('怎么判断的、做了什么').fill('图纸公差 ±1 mm，误差 0.20 mm 不影响判断')
      await item.getByRole('button', { name: '保存评价' }).click()
      await expect(firm.getByText('待评价')).toHaveCount(left - 1)
    }
    await still()
    const opinion = firm.getByRole('region', { name: '可以办理的步骤' }).getByRole('textbox')
    if ((await opinion.count()) > 0) await opinion.fill('不影响已出厂的产品')
    await firm.getByRole('button', { name: '签字结案' }).click()
    await expect(
      firm
        .locator('.page-title')
        .getByText('已结案')
        .or(firm.getByRole('heading', { name: '重新追溯' }))
        .first(),
    ).toBeVisible()
    await expectSound(firm)
    await firm.goto('/me/traces')
    await expect(firm.locator('main')).not.toContainText(bad.code)
    await firm.goto(`/me/instruments/${bad.id}`)
    await shown(firm, '停用')
    await expectSound(firm)
    await complete()
  })
