/** J1: a new firm brings its ledger in, mends what is wrong, prints labels; an expired delegate is told who can renew. And the ledger half of J4. */
import { expect, type Page } from '@playwright/test'
import { stageOf } from '../../src/core/due-day.ts'
import { readDraft } from '../../src/commons/instruments/draft.ts'
import {
  sampleHeaders,
  sampleOffset,
  sampleRows,
  sampleSheet,
  type SampleRow,
} from '../../src/commons/instruments/import/sample-sheet.server.ts'
import { api, enter, expectSound, phone, test } from './people.ts'

const today = () => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date())
const soon = (days: number) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date(Date.now() + days * 86_400_000))

/** The legal representative gives 台账 for a month to somebody who has told their number. */
async function delegate(legal: Page, number: string, name: string): Promise<void> {
  await legal.goto('/me/people')
  await legal.locator('summary', { hasText: '授权一位同事' }).click()
  await legal.getByLabel('对方的个人编号').fill(number)
  await legal.getByLabel('对方姓名').fill(name)
  await legal.getByLabel('经办人', { exact: true }).check()
  await legal.getByLabel(/^台账：/).check()
  await legal.getByRole('textbox', { name: '截止日期', exact: true }).first().fill(soon(30))
  await legal.getByRole('button', { name: '授权', exact: true }).click()
  await expect(legal.getByRole('heading', { name })).toBeVisible()
}

async function upload(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page.goto('/me/instruments/imports/new')
  await page.getByLabel('台账文件').setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
  await page.getByRole('button', { name: '上传并预览' }).click()
  await expect(page).toHaveURL(/\/imports\/[0-9a-f-]{36}/)
}

const settled = (page: Page, state: string) =>
  expect(page.locator('.page-title').getByText(state, { exact: true })).toBeVisible({ timeout: 60_000 })

/** What the due list should say, reckoned from the sheet by itself. */
function dueIn(rows: readonly SampleRow[], stage: string): number {
  const at = (header: string) => sampleHeaders.indexOf(header)
  return rows.filter(({ cells }) => {
    const { draft } = readDraft(
      { name: cells[at('设备名称')], lastDoneOn: cells[at('检定日期')], intervalMonths: cells[at('检定周期(月)')] },
      today(),
    )
    return draft?.validUntil && stageOf(draft.validUntil, today()) === stage
  }).length
}

test('J1 法人授权，经办人在电脑上导入 3,000 行、41 行有问题，在手机上改好后 3,000 件；再导入不重复；到期清单对得上；打印标签', async ({
  browser,
}) => {
  test.setTimeout(180_000)
  const clerk = await enter(browser, 'demo-newcomer')
  await expect(clerk.getByRole('heading', { name: '还没有可用的身份' })).toBeVisible()
  const number = /[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}/.exec(await clerk.locator('main').innerText())![0]
  const legal = await enter(browser, 'demo-new')
  await delegate(legal, number, '示例·小林')

  await clerk.goto('/me/instruments')
  await expect(clerk.getByRole('heading', { name: '器具台账' })).toBeVisible()
  await expectSound(clerk)
  const rows = sampleRows(3_000, 41)
  await upload(clerk, '台账.xlsx', await sampleSheet(rows))
  await settled(clerk, '待确认')
  await expect(clerk.getByRole('navigation', { name: '按结果查看' })).toContainText('41')
  await expectSound(clerk)
  await clerk.getByRole('button', { name: /登记 2,?959 件/ }).click()
  await expect(clerk.getByText(/已登记、更新 2959 件，41 行有问题/)).toBeVisible({ timeout: 60_000 })
  await clerk.goto('/me/instruments')
  await expect(clerk.getByText(/在册\s*2959/)).toBeVisible()

  // 到车间里用手机接着办：改好 41 行，逐格改正，一页一页保存。
  const handheld = await enter(browser, 'demo-newcomer', phone)
  await handheld.goto('/me/instruments')
  await expectSound(handheld)
  await handheld.goto('/me/instruments/imports')
  await handheld.getByRole('link', { name: '台账.xlsx' }).first().click()
  await expect(handheld.getByText(/已登记、更新 2959 件，41 行有问题/)).toBeVisible()
  await expect(handheld.getByRole('button', { name: '保存修改' })).toBeVisible()
  await expectSound(handheld)
  const bad = rows.flatMap((row, n) => (row.mistake ? [{ row: n + sampleOffset, ...row }] : []))
  for (let round = 0; round < 5; round++) {
    const shown = []
    for (const each of bad) if ((await handheld.locator(`input[name="r${each.row}.${each.field}"]`).count()) > 0) shown.push(each)
    if (shown.length === 0) break
    for (const { row, field, right } of shown) await handheld.locator(`input[name="r${row}.${field}"]`).fill(right!)
    await handheld.getByRole('button', { name: '保存修改' }).click()
    await expect(handheld.getByText(/已保存 \d+ 行的修改/)).toBeVisible()
    // The message of the round before looks the same; this round is through when its last row has left the list.
    const last = shown.at(-1)!
    await expect(handheld.locator(`input[name="r${last.row}.${last.field}"]`)).toHaveCount(0)
  }
  await handheld.getByRole('button', { name: /登记 41 件/ }).click()
  await settled(handheld, '已完成')
  await handheld.goto('/me/instruments')
  await expect(handheld.getByText(/在册\s*3000/)).toBeVisible()

  // 再导入一次（字节不同，内容相同）：没有新登记的。
  const mended = rows.map((row) => (row.mistake ? { cells: row.cells.map((cell, i) => (i === fieldAt(row) ? row.right! : cell)) } : row))
  await upload(handheld, '台账改好.xlsx', await sampleSheet(mended))
  await expect(handheld.locator('main')).toContainText('3000', { timeout: 60_000 })
  await expect(handheld.getByRole('button', { name: /^登记 \d/ })).toHaveCount(0)
  await handheld.goto('/me/instruments')
  await expect(handheld.getByText(/在册\s*3000/)).toBeVisible()

  for (const page of [clerk, handheld]) {
    await page.goto('/me/instruments/due')
    for (const [stage, words] of [
      ['overdue', '已逾期'],
      ['d30', '15～30 天后到期'],
      ['d60', '31～60 天后到期'],
    ] as const) {
      const n = dueIn(mended, stage)
      if (n > 0) await expect(page.getByRole('link', { name: `${words} ${n}`, exact: true })).toBeVisible()
    }
    await expectSound(page)
  }
  const pdf = await handheld.request.get('/me/instruments/labels.pdf?q=SB-00001')
  expect([pdf.status(), (await pdf.body()).subarray(0, 5).toString()]).toEqual([200, '%PDF-'])
})

/** Where the mistake of a sample row stands. */
const fieldAt = (row: SampleRow): number => {
  const right = sampleRows(1, 0)[0]!.cells.length
  for (let i = 0; i < right; i++) if (row.field === fieldsInOrder[i]) return i
  return -1
}
const fieldsInOrder = [
  '',
  'code',
  'name',
  'model',
  'maker',
  'serial',
  'range',
  'accuracy',
  'place',
  'keeper',
  'use',
  'lastDoneOn',
  'intervalMonths',
  'lastInstitution',
  'state',
  'note',
]

for (const [width, options] of [
  ['桌面', {}],
  ['手机', phone],
] as const)
  test(`J1 授权到期的经办人被挡下，知道找谁续期（${width}）`, async ({ browser }) => {
    const clerk = await enter(browser, 'demo-clerk', options)
    await expect(clerk.locator('main')).toContainText('示例·周厂长（法定代表人）')
    await clerk.goto('/me/instruments')
    await expect(clerk.locator('main')).toContainText('示例·周厂长（法定代表人）')
    await expectSound(clerk)
    const answer = await api(clerk, 'POST', '/instruments', { name: '压力表' })
    expect(answer.status).toBe(403)
    expect(JSON.stringify(answer.body)).toContain('周厂长')
  })

test('J4 上半：到期的一键打包，先看备用，送出后仍在台账，取回后要先录结果才能确认可用', async ({ browser }) => {
  const firm = await enter(browser, 'demo-wuhan')
  await firm.goto('/me/instruments/due')
  await firm.getByRole('button', { name: '一键打包送检' }).first().click()
  await expect(firm.getByRole('heading', { name: /安排 \d+ 件送检/ })).toBeVisible()
  await expectSound(firm)
  for (const box of await firm.getByLabel(/^仍要送 .* 的理由/).all()) await box.fill('当天取回，先用隔壁工位的')
  await firm.getByRole('button', { name: /^生成送检单/ }).click()
  await expect(firm.getByRole('heading', { name: /^送检单 鄂-/ })).toBeVisible()
  await firm.getByRole('button', { name: '送出', exact: true }).click()
  await expect(firm.locator('.page-title').getByText('送检中')).toBeVisible()
  await expectSound(firm)
  const line = firm.locator('tbody tr').first()
  const code = (await line.locator('th').innerText()).trim()
  await line.getByRole('checkbox').check()
  await firm.getByRole('button', { name: '勾选的已取回' }).click()
  await expect(firm.locator('main')).toContainText(`取回`)
  await firm.goto(`/me/instruments?q=${encodeURIComponent(code)}&state=all`)
  await firm.getByRole('link', { name: code, exact: true }).first().click()
  await expect(firm.getByText('已取回待确认').first()).toBeVisible()
  await expect(firm.getByText('还没有录入这次检定、校准的结果').first()).toBeVisible()
  await expectSound(firm)
})
