/** The platform for the journeys: demo world on a fresh embedded database. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { trustSigner } from './signer.ts'
import { platformPort, platformUrl, wechatUrl } from './ports.ts'

const data = mkdtempSync(path.join(tmpdir(), 'hengqi-e2e-'))
process.on('exit', () => rmSync(data, { recursive: true, force: true }))
Object.assign(process.env, {
  PORT: String(platformPort),
  HOST: '127.0.0.1',
  PUBLIC_URL: platformUrl,
  DATA_DIR: data,
  DATABASE_URL: '',
  DEMO: 'true',
  LOG_LEVEL: 'warn',
  // A laboratory elsewhere whose signatures are believed.
  DCC_TRUST: await trustSigner(),
  // Switched on without a merchant: nothing of it shows until a story fills one in. Its other side is test/wechat-pay-fake.ts.
  WECHAT_PAY: 'true',
  WECHAT_PAY_URL: wechatUrl,
})
await import('../../server.ts')
