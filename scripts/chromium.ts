/** The Chromium of the system, else the one that Playwright installed, else none. */
import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'

const places = [
  process.env.HENGQI_CHROMIUM,
  // The same engine without the windows of a browser around it: opening a page takes three fifths of the processor time.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

export const findChromium = (): string | undefined => [...places, chromium.executablePath()].find((place) => place && existsSync(place))
