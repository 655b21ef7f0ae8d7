/** Structured logs; what could hurt a person is never in them. */
import { pino, type Logger } from 'pino'
import type { Config } from './config.server.ts'

export const logger = (config: Pick<Config, 'logLevel'>): Logger =>
  pino({
    level: config.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: ['password', 'token', 'phone', 'cookie', 'authorization', '*.password', '*.token', '*.phone', 'headers.cookie', 'headers.authorization'], censor: '[…]' },
  })
