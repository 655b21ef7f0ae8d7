import { expect, it } from 'vitest'
import { recordNumber } from './record-number.ts'

it('编号按省和年', () => expect(recordNumber('33', 2026, 123)).toBe('浙-2026-000123'))
