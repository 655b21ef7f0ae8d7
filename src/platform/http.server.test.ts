import { describe, expect, it } from 'vitest'
import { hasTag } from './http.server.ts'

describe('ETag', () => {
  it.each([
    ['"a"', true],
    ['W/"a"', true],
    ['"b", W/"a"', true],
    ['*', true],
    ['"b"', false],
    ['a', false],
    ['', false],
    [undefined, false],
    [null, false],
  ])('%s 与 "a"', (header, same) => expect(hasTag(header, '"a"')).toBe(same))
})
