/** Structured logs; what could hurt a person is never in them. Values go into fields, never into the message. */
import { pino, type DestinationStream, type Logger } from 'pino'
import type { Config } from './config.server.ts'

export const logger = (config: Pick<Config, 'logLevel'>, destination?: DestinationStream): Logger =>
  pino(
    {
      level: config.logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: (error: unknown) => masked(error instanceof Error ? pino.stdSerializers.err(error) : error) },
      formatters: {
        log: (entry) => Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, key === 'err' ? value : masked(value, key)])),
      },
    },
    destination,
  )

const secretKey = /pass(word|phrase)?$|口令|token|secret|cookie|authorization|phone|mobile|手机|id_?number|身份证/i
/** Mainland mobile numbers, resident identity numbers, and what a connection address carries before the `@`. */
const secretText = [/(?<!\d)1[3-9]\d{9}(?!\d)/g, /(?<!\d)\d{17}[\dXx](?![\dA-Za-z])/g, /(?<=:\/\/)[^\s/@]+(?=@)/g]
const hidden = '[…]'

/** A copy without secrets: by the name of the field, and by what texts look like (a database error quotes the row). */
function masked(value: unknown, key = '', depth = 0): unknown {
  if (value !== null && value !== undefined && secretKey.test(key)) return hidden
  if (typeof value === 'string') return secretText.reduce((text, pattern) => text.replace(pattern, hidden), value)
  if (typeof value === 'bigint') return String(value)
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  if (depth > 6) return hidden
  if (value instanceof Error) return masked(pino.stdSerializers.err(value), key, depth + 1)
  if (Array.isArray(value)) return value.map((item) => masked(item, key, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, masked(item, name, depth + 1)]))
}
