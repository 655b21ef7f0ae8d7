import { describe, expect, it } from 'vitest'
import { logger } from './log.server.ts'

const written = (say: (log: ReturnType<typeof logger>) => void): string => {
  let text = ''
  say(logger({ logLevel: 'info' }, { write: (line: string) => void (text += line) }))
  return text
}

describe('日志', () => {
  it('口令、令牌、手机号、身份证号和连接串里的口令不进日志，无论多深', () => {
    const text = written((log) =>
      log.info(
        {
          person: { login: 'a', deep: [{ password: 'hidden-1', sessionToken: 'hidden-2', 手机: '13800000000' }] },
          url: 'postgres://root:hidden-3@db/x',
          note: '请联系13800000001',
        },
        'x',
      ),
    )
    expect(text).not.toMatch(/hidden-|1380000/)
    expect(text).toContain('"login":"a"')
    expect(text).toContain('postgres://[…]@db/x')
  })

  it('数据库错误引用的整行也遮住，差错本身留下', () => {
    const error = Object.assign(new Error('duplicate key'), { detail: 'Key (phone)=(13900000000) already exists.', code: '23505' })
    const text = written((log) => log.error({ err: error }, 'unexpected'))
    expect(text).not.toContain('1390000')
    expect(text).toContain('"code":"23505"')
    expect(text).toContain('log.server.test.ts')
  })

  it('编号、日期和统一社会信用代码照写，否则查不了差错', () => {
    const text = written((log) =>
      log.info({ id: '018f0000-0000-7000-8000-000000000000', uscc: '91330100MA0000000X', fen: 12n, on: '2026-11-23' }, 'x'),
    )
    expect(text).toContain('018f0000-0000-7000-8000-000000000000')
    expect(text).toContain('91330100MA0000000X')
    expect(text).toContain('"fen":"12"')
  })
})
