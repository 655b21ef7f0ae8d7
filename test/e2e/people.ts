/** What every story does: come in with one click, and look at a page with axe. */
import { createRequire } from 'node:module'
import type axe from 'axe-core'
import type { AxeResults } from 'axe-core'
import { expect, test as base, type Browser, type BrowserContextOptions, type Page } from '@playwright/test'

/** Closes after a story what it has opened: each browser left open keeps two processes and its pages at work until the last story. */
export const test = base.extend<{ tidy: void }>({
  tidy: [
    async ({ browser }, use) => {
      await use()
      await Promise.all(browser.contexts().map((context) => context.close()))
    },
    { auto: true },
  ],
})

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** A browser of its own for somebody who has not signed in; each of its pages brings axe along. */
export async function visit(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', ...options })
  await context.addInitScript({ path: axeFile })
  return context.newPage()
}

/** A browser of its own for one person of the demo world. */
export async function enter(browser: Browser, login: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await visit(browser, options)
  await page.goto('/demo')
  await page.locator(`button[value="${login}"]`).click()
  await expect(page).toHaveURL(/\/desk$/)
  return page
}

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/**
 * In the page itself: the usual wrapper opens another page for each one looked at, which takes longer than looking. It would be needed
 * for frames of other origins, and there are none.
 */
async function violationsIn(page: Page): Promise<AxeResults['violations']> {
  return page.evaluate(async (values) => {
    const { axe: within } = window as unknown as { axe: typeof axe }
    return (await within.run(document, { runOnly: values, resultTypes: ['violations'] })).violations
  }, wcag)
}

/** No violation of WCAG 2.2 AA that a machine can find; nothing wider than the screen. */
export async function expectSound(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  expect(page.frames().length, 'a frame would have to be looked at by itself').toBe(1)
  const violations = await violationsIn(page)
  expect(
    violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary}`).join(' | ')}`,
    ),
  ).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0)
}

/** The API from inside a signed-in page: same session, same rules. */
export const api = async (
  page: Page,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Record<string, never> }> => {
  const response = await page.request.fetch(`/api/v1${path}`, {
    method,
    ...(body !== undefined && { data: body as object, headers: { 'content-type': 'application/json' } }),
  })
  return { status: response.status(), body: (await response.json()) as Record<string, never> }
}

export const phone = { viewport: { width: 390, height: 844 } } as const
