/** The one place that reads the environment. A wrong value stops the start with a sentence. */
import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

/** Every variable, for the code and for the documents. */
export const settings = [
  { name: 'PORT', default: '3000', meaning: '监听的端口' },
  { name: 'HOST', default: '127.0.0.1', meaning: '监听的地址；对外服务时设为 0.0.0.0' },
  { name: 'PUBLIC_URL', default: 'http://localhost:PORT', meaning: '用户看到的网址，用于链接、订阅和跨站检查' },
  { name: 'DATA_DIR', default: './.data', meaning: '内置数据库、密钥和上传文件所在的目录' },
  { name: 'DATABASE_URL', default: '（无：用内置数据库）', meaning: 'PostgreSQL 15 或更高版本的连接地址' },
  { name: 'DEMO', default: '没有 DATABASE_URL 时为 true', meaning: '演示数据和一键登录' },
  { name: 'SECRET', default: '（生成并存入 DATA_DIR）', meaning: '会话和签名的密钥，至少 32 个字符' },
  { name: 'LOG_LEVEL', default: 'info', meaning: 'debug、info、warn、error 或 silent' },
  { name: 'HENGQI_NOW', default: '（无）', meaning: '把时间固定在某一刻，仅限演示模式，例如 2026-11-23T09:00:00+08:00' },
  {
    name: 'WECHAT_PAY',
    default: 'false',
    meaning: '开通微信支付：各机构的商户由机构财务在“在线收款”里填；正式环境的 PUBLIC_URL 须是 https',
  },
  {
    name: 'WECHAT_PAY_URL',
    default: 'https://api.mch.weixin.qq.com',
    meaning: '微信支付接口的地址，须是 https；本机的测试地址 127.0.0.1 除外',
  },
  {
    name: 'DCC_SCHEMAS',
    default: '（无：只按内置规则读）',
    meaning: '存放数字校准证书（DCC）模式文件的目录，设了就另按模式校验上传的证书',
  },
  { name: 'DCC_TRUST', default: '（无）', meaning: '存放受信任的其他机构签名证书（*.crt、*.pem）的目录，用于核对它们的数字证书' },
  {
    name: 'CERTIFICATE_SIGNATURE',
    default: 'ecdsa-p256',
    meaning: '证书签名的算法：ecdsa-p256，或 sm2（SM2/SM3，只有本平台和认识它的软件能核对）；换了以后新签的用新的，以前签的照样能核对',
  },
  { name: 'TEST_DATABASE_URL', default: '（无：用内存数据库）', meaning: '测试用的 PostgreSQL；每个测试文件建一个库，用完删除' },
  {
    name: 'TEST_CITUS_URL',
    default: '（无：跳过）',
    meaning: '测试用的 Citus 协调节点上的一个库；每个测试文件在每台机器上各建一个库，用完删除',
  },
] as const

export interface Config {
  port: number
  host: string
  publicUrl: string
  dataDir: string
  databaseUrl: string | undefined
  demo: boolean
  secret: string
  logLevel: string
  /** Where WeChat Pay is asked; undefined: it is off. */
  wechatPayUrl: string | undefined
  /** Folder with the schemas of digital certificates, `<version>/dcc.xsd`. */
  dccSchemas: string | undefined
  /** Folder with certificates whose signatures are believed. */
  dccTrust: string | undefined
  /** What new certificates are signed with. */
  certificateSignature: (typeof certificateSignatures)[number]
  /** The present instant (ISO, UTC), or the frozen one. */
  now: () => string
}

const flag = z.enum(['true', 'false', '1', '0', 'yes', 'no']).transform((v) => ['true', '1', 'yes'].includes(v))
const postgres = z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
const certificateSignatures = ['ecdsa-p256', 'sm2'] as const
const folder = z.string().refine((name) => existsSync(name), 'there is no such folder')
const schema = z.object({
  PORT: z.coerce.number().int().min(1).max(65535).default(3000),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: z.url().optional(),
  DATA_DIR: z.string().default('./.data'),
  DATABASE_URL: postgres.optional(),
  DEMO: flag.optional(),
  SECRET: z.string().min(32).optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  WECHAT_PAY: flag.default(false),
  WECHAT_PAY_URL: z
    .string()
    .regex(/^(https:\/\/[^/?#]+|http:\/\/127\.0\.0\.1(:\d+)?)\/?$/, 'must be an https address without a path')
    .default('https://api.mch.weixin.qq.com'),
  DCC_SCHEMAS: folder.optional(),
  DCC_TRUST: folder.optional(),
  CERTIFICATE_SIGNATURE: z.enum(certificateSignatures).default('ecdsa-p256'),
  TEST_DATABASE_URL: postgres.optional(),
  TEST_CITUS_URL: postgres.optional(),
  HENGQI_NOW: z.iso.datetime({ offset: true }).optional(),
})

/** Never repeated in a message: it ends up on screens and in logs. */
const secrets = new Set(['SECRET', 'DATABASE_URL', 'TEST_DATABASE_URL', 'TEST_CITUS_URL'])

/** Wrong configuration: the message is a sentence for whoever starts the platform. */
export class ConfigError extends Error {}

export function readConfig(env: Record<string, string | undefined>): Config {
  const result = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')))
  if (!result.success) {
    const [issue] = result.error.issues
    const name = String(issue!.path[0])
    const meaning = settings.find((s) => s.name === name)?.meaning
    throw new ConfigError(
      `配置 ${name} 的值不对${secrets.has(name) ? '' : `（${env[name]}）`}：${meaning}。 The value of ${name} is wrong: ${issue!.message}.`,
    )
  }
  const e = result.data
  const demo = e.DEMO ?? !e.DATABASE_URL
  if (e.HENGQI_NOW && !demo)
    throw new ConfigError(
      '配置 HENGQI_NOW 只能在演示模式下使用：正式环境的时限不能停在某一刻。请去掉它，或设 DEMO=true。 HENGQI_NOW is for demo mode only.',
    )
  if (e.WECHAT_PAY && !demo && !e.PUBLIC_URL?.startsWith('https://'))
    throw new ConfigError(
      '开通微信支付（WECHAT_PAY）须把 PUBLIC_URL 设为 https 网址：微信只向 https 地址通知付款结果。 WECHAT_PAY needs an https PUBLIC_URL.',
    )
  const dataDir = path.resolve(e.DATA_DIR)
  const frozen = e.HENGQI_NOW && new Date(e.HENGQI_NOW).toISOString()
  return {
    port: e.PORT,
    host: e.HOST,
    publicUrl: (e.PUBLIC_URL ?? `http://localhost:${e.PORT}`).replace(/\/$/, ''),
    dataDir,
    databaseUrl: e.DATABASE_URL,
    demo,
    secret: e.SECRET ?? storedSecret(dataDir),
    logLevel: e.LOG_LEVEL,
    wechatPayUrl: e.WECHAT_PAY ? e.WECHAT_PAY_URL.replace(/\/$/, '') : undefined,
    dccSchemas: e.DCC_SCHEMAS && path.resolve(e.DCC_SCHEMAS),
    dccTrust: e.DCC_TRUST && path.resolve(e.DCC_TRUST),
    certificateSignature: e.CERTIFICATE_SIGNATURE,
    now: () => frozen || new Date().toISOString(),
  }
}

function storedSecret(dataDir: string): string {
  const file = path.join(dataDir, 'secret')
  mkdirSync(dataDir, { recursive: true })
  if (!existsSync(file)) {
    // Whole or not at all, and the first of two processes wins: an empty secret would sign everything.
    const draft = `${file}.${process.pid}`
    writeFileSync(draft, randomBytes(32).toString('hex'), { mode: 0o600, flush: true })
    try {
      linkSync(draft, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      rmSync(draft, { force: true })
    }
  }
  const secret = readFileSync(file, 'utf8').trim()
  if (secret.length < 32)
    throw new ConfigError(
      `密钥文件 ${file} 不完整：请从备份恢复，或删除它以生成新的（所有人须重新登录，旧签名不再可核）。 The secret file is damaged.`,
    )
  return secret
}
