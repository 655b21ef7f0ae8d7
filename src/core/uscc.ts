/** 统一社会信用代码, GB 32100-2015: reading, checking and (for demo worlds) making codes. */
import { refuse, type Refusal } from './refusal.ts'

/** GB 32100-2015 4.2: digits and capitals without I, O, S, V, Z; the value of a character is its index. */
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
/** GB 32100-2015 table B: W(i) = 3^(i-1) mod 31. */
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28] as const
/** GB 11714: weights of the eight characters of an organisation code. */
const orgWeights = [3, 7, 9, 10, 5, 8, 4, 2] as const
/** Letters that GB 32100 leaves out because they are read as something else. */
const lookalikes: Readonly<Record<string, string>> = { O: '0', I: '1', S: '5', Z: '2' }

/** Who registers (position 1) and what is registered (position 2). Source: GB 32100-2015 table 1; second character 待核实. */
export const usccPrefixes: Readonly<Record<string, string>> = {
  '11': '机关',
  '12': '事业单位',
  '13': '中央编办直接管理机构编制的群众团体',
  '19': '机构编制部门登记的其他机构',
  '51': '社会团体',
  '52': '民办非企业单位',
  '53': '基金会',
  '59': '民政部门登记的其他机构',
  '91': '企业',
  '92': '个体工商户',
  '93': '农民专业合作社',
  '99': '市场监管部门登记的其他机构',
  Y1: '其他机构',
}

/** A code that passes GB 32100; `warnings` are doubts that do not make it wrong. */
export interface CheckedUscc {
  code: string
  warnings: readonly string[]
}

/** Registration area of demo codes: GB/T 2260 assigns no province 99, so no real organisation can hold such a code. */
export const demoArea = '999999'

/**
 * Checks a code as a person types it: outer blanks, lower case and full-width characters are put right, anything else
 * is refused with its position. The check of positions 9–17 (GB 11714) only warns: a few old codes do not satisfy it.
 */
export function checkUscc(text: string): CheckedUscc | Refusal {
  const code = normalise(text)
  const wrong = lengthProblem(code) ?? alphabetProblem(code) ?? areaProblem(code) ?? checkCharacterProblem(code)
  if (wrong) return refuse('invalid', wrong.reason, { code: wrong.code, fields: { uscc: wrong.reason } })
  return { code, warnings: [...orgCodeWarnings(code), ...prefixWarnings(code)] }
}

/**
 * Completes 17 characters with their check character.
 * Throws when they are not 17 characters of the alphabet: the caller builds them, so that is a bug.
 */
export function makeUscc(seed17: string): string {
  if (seed17.length !== 17 || alphabetProblem(seed17) || areaProblem(seed17)) throw new RangeError(`not a body of 17 characters: ${seed17}`)
  return seed17 + checkCharacter(seed17)
}

/**
 * A code for a made-up subject: prefix 91 or 92 (so that the kind can be read off it), the unassigned area `999999`,
 * a serial of up to eight digits and both valid check characters.
 */
export function makeDemoUscc(kind: 'enterprise' | 'individual', serial: number): string {
  if (!Number.isInteger(serial) || serial < 0 || serial > 99_999_999) throw new RangeError(`serial out of range: ${serial}`)
  const body = String(serial).padStart(8, '0')
  return makeUscc((kind === 'enterprise' ? '91' : '92') + demoArea + body + orgCheckCharacter(body))
}

export type UsccSubjectKind = 'enterprise' | 'individual' | 'cooperative' | 'institution' | 'other'

/** What the first two characters say about the subject; nothing when the prefix is not a known one. */
export function subjectKindOf(code: string): UsccSubjectKind | undefined {
  const prefix = code.slice(0, 2)
  if (prefix === '91') return 'enterprise'
  if (prefix === '92') return 'individual'
  if (prefix === '93') return 'cooperative'
  if (prefix === '12') return 'institution'
  return prefix in usccPrefixes ? 'other' : undefined
}

interface Problem {
  code: string
  reason: string
}

/** U+FF01–FF5E mirror ASCII at a distance of 0xFEE0; U+3000 is the full-width blank. */
const normalise = (text: string) =>
  text
    .replace(/[！-～]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replaceAll('　', ' ')
    .trim()
    .toUpperCase()

function lengthProblem(code: string): Problem | undefined {
  if (code === '') return { code: 'USCC_EMPTY', reason: '请填写统一社会信用代码（营业执照右上角的 18 位代码）。' }
  const length = [...code].length
  if (length === 18) return undefined
  const blank = code.search(/\s/)
  if (blank >= 0) return { code: 'USCC_LENGTH', reason: `第 ${blank + 1} 位是空格，请删去后再填：统一社会信用代码共 18 位，中间没有空格。` }
  const off = length < 18 ? `少了 ${18 - length} 位` : `多了 ${length - 18} 位`
  return { code: 'USCC_LENGTH', reason: `统一社会信用代码应为 18 位，实际 ${length} 位，${off}（GB 32100-2015），请对照营业执照核对。` }
}

function alphabetProblem(code: string): Problem | undefined {
  const characters = [...code]
  const at = characters.findIndex((c) => !alphabet.includes(c))
  if (at < 0) return undefined
  const c = characters[at] ?? ''
  const why = /[IOSVZ]/.test(c) ? `代码不使用字母 I、O、S、V、Z` : '只能是数字和大写字母'
  return { code: 'USCC_ALPHABET', reason: `第 ${at + 1} 位“${c}”不对：${why}（GB 32100-2015）。${suggestion(code)}` }
}

/** Says the corrected code only where replacing all look-alikes gives a code that passes; otherwise just the likely confusion. */
function suggestion(code: string): string {
  const confused = [...new Set(code)].filter((c) => c in lookalikes)
  if (confused.length === 0) return '请对照营业执照核对。'
  const guess = code.replace(/[OISZ]/g, (c) => lookalikes[c] ?? c)
  const pairs = confused.map((c) => `字母 ${c} 应为数字 ${lookalikes[c]}`).join('，')
  const passes = guess.length === 18 && !alphabetProblem(guess) && !areaProblem(guess) && !checkCharacterProblem(guess)
  return passes ? `可能是${pairs}：${guess}，请确认。` : `可能是${pairs}，请对照营业执照核对。`
}

function areaProblem(code: string): Problem | undefined {
  const at = code.slice(2, 8).search(/\D/)
  if (at < 0) return undefined
  const reason = `第 ${at + 3} 位“${code[at + 2]}”不对：第 3 至 8 位是登记机关行政区划码，只能是数字（GB 32100-2015）。`
  return { code: 'USCC_AREA', reason }
}

function checkCharacterProblem(code: string): Problem | undefined {
  const expected = checkCharacter(code.slice(0, 17))
  if (code[17] === expected) return undefined
  const reason = `第 18 位校验码应为 ${expected}，实际为 ${code[17]}：代码中至少有一位抄错或两位颠倒（GB 32100-2015），请对照营业执照核对。`
  return { code: 'USCC_CHECK', reason }
}

/** C18 = (31 − Σ CiWi mod 31) mod 31; the outer mod matters: remainder 0 gives 31, which is character 0. */
function checkCharacter(body17: string): string {
  const sum = weights.reduce<number>((total, weight, i) => total + weight * alphabet.indexOf(body17[i] ?? ''), 0)
  return alphabet[(31 - (sum % 31)) % 31] ?? ''
}

/** GB 11714: C9 = 11 − Σ CiWi mod 11, where 10 is written X and 11 is written 0; A–Z count 10–35. */
function orgCheckCharacter(body8: string): string {
  const sum = orgWeights.reduce<number>((total, weight, i) => total + weight * Number.parseInt(body8[i] ?? '0', 36), 0)
  const value = 11 - (sum % 11)
  return value === 10 ? 'X' : value === 11 ? '0' : String(value)
}

function orgCodeWarnings(code: string): string[] {
  const expected = orgCheckCharacter(code.slice(8, 16))
  if (code[16] === expected) return []
  return [`第 17 位（组织机构代码校验码）按 GB 11714 应为 ${expected}，实际为 ${code[16]}；少数早期代码如此，请再核对一次。`]
}

function prefixWarnings(code: string): string[] {
  return code.slice(0, 2) in usccPrefixes ? [] : [`前两位“${code.slice(0, 2)}”不是常见的登记类别，请再核对一次。`]
}
