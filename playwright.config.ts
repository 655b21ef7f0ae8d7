import { defineConfig } from '@playwright/test'
import { findChromium } from './scripts/chromium.ts'
import { platformUrl } from './test/e2e/ports.ts'

const json = process.env.PLAYWRIGHT_JSON_OUTPUT_NAME

export default defineConfig({
  testDir: 'test/e2e',
  // One platform with one database: stories run one after the other. Whoever only looks at pages does so beside them.
  workers: 2,
  projects: [
    { name: 'pages', testMatch: 'pages.spec.ts', fullyParallel: true, workers: 1 },
    { name: 'stories', testIgnore: 'pages.spec.ts', workers: 1 },
  ],
  // A second look where a busy machine cut the first one short; the report says “flaky”.
  retries: process.env.CI ? 1 : 0,
  // No story asserts a time; this only ends one that hangs, on a machine that may be busy.
  timeout: 240_000,
  expect: { timeout: 15_000 },
  reporter: json ? [['list'], ['json', { outputFile: json }]] : 'list',
  use: {
    baseURL: platformUrl,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    launchOptions: {
      executablePath: findChromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
    screenshot: 'only-on-failure',
  },
  webServer: {
    command: 'node test/e2e/serve.ts',
    url: `${platformUrl}/healthz`,
    // Telling the demo world takes a minute of one core; a busy machine has less than one.
    timeout: 300_000,
    reuseExistingServer: false,
  },
})
