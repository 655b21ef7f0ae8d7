/** J2: a new provincial policy reaches exactly those it changes something for; one answer settles it; it is applied for and enjoyed. */
import { expect, type Browser } from '@playwright/test'
import { demoPolicies } from '../../src/demo/policies.ts'
import { api, enter, expectSound, phone, test } from './people.ts'

const shanghaiToday = () => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date())

/** Like the demo's own policy, for firms of 20 to 60 people, to be applied for. */
function newPolicy(slug: string, title: string) {
  const { content } = demoPolicies(shanghaiToday()).find((p) => p.content.slug === 'demo-zj-calibration-half')!
  return {
    ...content,
    slug,
    title,
    requiresApplication: true,
    card: { ...content.card, who: '浙江从业人员 20 人以上、不满 60 人的企业', how: '在平台提交申请' },
    clauses: [...content.clauses, { id: 'c9', article: '第九条', text: '申请企业的从业人员应当在二十人以上、不满六十人。', quoted: true }],
    rule: {
      op: 'all',
      of: [
        { op: 'region', mode: 'nested', codes: ['330000'], src: 'c1' },
        { op: 'range', fact: 'employees', gte: 20, lt: 60, src: 'c9' },
      ],
    },
  }
}

async function publish(browser: Browser, slug: string, title: string): Promise<void> {
  const author = await enter(browser, 'demo-province')
  const draft = await api(author, 'POST', '/policies/drafts', { content: newPolicy(slug, title) })
  expect(draft.status, JSON.stringify(draft.body)).toBe(200)
  await author.goto(`/policies/${slug}/review`)
  await author.getByRole('button', { name: /提交/ }).first().click()
  await expect(author.getByText('审核中').first()).toBeVisible()
  // 四眼：起草人自己不能发布。
  await expect(author.getByRole('button', { name: '发布' })).toBeDisabled()

  const reviewer = await enter(browser, 'demo-province-2')
  await reviewer.goto(`/policies/${slug}/review`)
  await reviewer.getByText('发布……').click()
  await reviewer.getByRole('button', { name: /确认发布/ }).click()
  await expect(reviewer.getByText('已发布').first()).toBeVisible()
}

test('J2 新政策发布：只通知结果变化的企业；答一题变为符合；申请并享受', async ({ browser }) => {
  const slug = `story-${Date.now().toString(36)}`
  const title = '示例·浙江省成长型企业校准费用减半办法'
  await publish(browser, slug, title)

  const firm = await enter(browser, 'demo-enterprise')
  await expect(async () => {
    await firm.goto('/me/messages')
    await expect(
      firm
        .getByRole('heading', { name: new RegExp(title) })
        .or(firm.getByText(title))
        .first(),
    ).toBeVisible({ timeout: 1_000 })
  }).toPass({ timeout: 20_000 })

  // 安徽的企业没有变化，也就没有消息。
  const elsewhere = await enter(browser, 'demo-anqing')
  await elsewhere.goto('/me/messages')
  await expect(elsewhere.getByText(title)).toHaveCount(0)

  // 缺从业人员：待补充，不是不符合；条款点得开。
  await firm.goto(`/me/matches/${slug}`)
  await expect(firm.getByText('待补充').first()).toBeVisible()
  await expectSound(firm)
  await firm.getByText('〔第九条〕').first().click()
  await expect(firm.getByText('申请企业的从业人员应当在二十人以上、不满六十人。').first()).toBeVisible()

  await firm
    .getByLabel(/从业人员/)
    .first()
    .fill('42')
  await firm.getByRole('button', { name: /提交答案/ }).click()
  await expect(firm).toHaveURL(/answered=employees/)
  await firm.goto(`/me/matches/${slug}`)
  await expect(firm.getByText(/^符合(。|$)/).first()).toBeVisible()
  await firm.getByLabel(/所填企业信息属实/).check()
  await firm.getByRole('button', { name: /提交申请/ }).click()
  await expect(firm.getByText('待受理').first()).toBeVisible()
  const application = new URL(firm.url()).pathname.split('/').pop()!

  const officer = await enter(browser, 'demo-province')
  await officer.goto(`/applications/${application}`)
  await officer.getByRole('button', { name: /受理/ }).first().click()
  await expect(officer.getByText('已受理').first()).toBeVisible()
  await officer.getByLabel(/企业享受的金额/).fill('1200')
  await officer.getByRole('button', { name: /确认享受|已享受/ }).click()
  await expect(officer.getByText(/已享受 ¥/).first()).toBeVisible()

  await firm.goto('/me/matches')
  await expect(firm.getByText('¥1,200.00').first()).toBeVisible()
  await expectSound(firm)
})

test('J2 反面：昨天到期的政策不再提供，指向接替它的办法', async ({ browser }) => {
  const firm = await enter(browser, 'demo-enterprise', phone)
  await firm.goto('/me/matches')
  await expect(firm.getByText('示例·浙江省小微企业校准费用优惠试点通知')).toHaveCount(0)
  await firm.goto('/me/matches/demo-zj-calibration-pilot')
  await expect(firm.getByText(/已于.*截止|已截止/).first()).toBeVisible()
  await expect(firm.locator('main a[href$="demo-zj-calibration-half"]').first()).toBeVisible()
  await firm.goto('/policies/demo-zj-calibration-pilot')
  await expect(firm.getByText('已截止').first()).toBeVisible()
  await expectSound(firm)
})

test('不用 JavaScript 也能查政策、登录、答题', async ({ browser }) => {
  const page = await enter(browser, 'demo-individual', { javaScriptEnabled: false })
  await page.goto('/policies')
  await page.getByLabel('关键词').fill('计价器')
  await page.getByRole('button', { name: '查找' }).click()
  await expect(page.getByRole('link', { name: /计价器/ }).first()).toBeVisible()
  await page.goto('/me/matches')
  await expect(page.getByRole('heading', { name: '现在能用的政策' })).toBeVisible()
  await page.goto('/me/profile')
  const answered = page.locator('#resumedWork')
  await answered.getByText('填写').click()
  await answered.getByLabel('是', { exact: true }).check()
  await answered.getByRole('button', { name: '保存' }).click()
  await expect(page.locator('#resumedWork > div').first()).toContainText('是')
})
