/** Reads a place name as people write it: with or without suffixes, with or without the levels above. */
import { COUNTRY, covers, findRegion, listRegions, type Region } from './regions.ts'

/** Minorities as they stand in names of autonomous places; some drop 族 there. */
const minorities =
  '蒙古族|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯|普米族|塔吉克|怒族|保安族|裕固族|独龙族|哈萨克|蒙古|各族'
const minorityAtEnd = new RegExp(`(?:${minorities})$`)
const suffix = /(?:特别行政区|自治区|自治州|自治县|自治旗|行政委员会|地区|林区|特区|新区|省|市|县|区|盟|旗|州)$/

/**
 * The codes that a text may mean: none, one, or several when it is ambiguous (鼓楼区, 朝阳).
 * Accepts a six-digit code as well. A coarser place wins over places inside it (长沙 is 长沙市, not 长沙县):
 * a coarse answer leads to a question later, a too fine one to a wrong decision.
 */
export function findRegionByName(text: string): readonly string[] {
  const wanted = text.replace(/[\s\u3000,，/·>-]/g, '')
  if (/^\d{6}$/.test(wanted)) return findRegion(wanted) ? [wanted] : []
  if (wanted === '全国' || wanted === '中国') return [COUNTRY]
  if (wanted.length < 2) return []
  const found = outermost(read(wanted, COUNTRY))
  if (found.length > 0) return found
  // 萧山市, 溧水县: the suffix of a former rank. The stem must be a place by itself.
  const stem = wanted.replace(/[市县区]$/, '')
  return stem !== wanted && stem.length >= 2 ? outermost(read(stem, COUNTRY)) : []
}

/** The last place of every way to take the text as a chain of places, each inside the one before. */
function read(text: string, within: string): string[] {
  const codes = new Set<string>()
  for (let length = Math.min(text.length, longest); length >= 2; length--) {
    const rest = text.slice(length)
    for (const code of index.get(text.slice(0, length)) ?? []) {
      if (code === within || !covers(within, code)) continue
      if (rest === '' || (rest === '市辖区' && code.endsWith('00'))) codes.add(code)
      else for (const inner of read(rest, code)) codes.add(inner)
    }
  }
  return [...codes]
}

/** A province named alone is meant as the province (海南, 吉林); places inside another candidate give way to it. */
function outermost(codes: readonly string[]): string[] {
  const provinces = codes.filter((code) => code.endsWith('0000'))
  if (provinces.length === 1) return provinces
  return codes.filter((code) => !codes.some((other) => other !== code && covers(other, code))).sort()
}

/** 浙江省 → 浙江, 恩施土家族苗族自治州 → 恩施; at least two characters stay, so 东区 and 泾县 remain as they are. */
export function shortRegionName(name: string): string {
  const stem = name.replace(suffix, '')
  if (stem.length < 2) return name
  return name.includes('自治') ? withoutMinorities(stem) : stem
}

function withoutMinorities(stem: string): string {
  const shorter = stem.replace(minorityAtEnd, '')
  if (shorter !== stem && shorter.length >= 2) return withoutMinorities(shorter)
  // 东乡族自治县, 鄂温克族自治旗 are named after the people itself; 内蒙古 merely ends like one.
  return stem.length > 2 ? stem.replace(/族$/, '') : stem
}

function buildIndex(regions: readonly Region[]): Map<string, string[]> {
  const index = new Map<string, string[]>()
  for (const { code, name } of regions) {
    const short = shortRegionName(name)
    // 海南州, 恩施州: the everyday name, which no other place has.
    const everyday = name.endsWith('自治州') ? [`${short}州`] : []
    for (const spelling of new Set([name, short, ...everyday])) index.set(spelling, [...(index.get(spelling) ?? []), code])
  }
  return index
}

const index = buildIndex(listRegions())
const longest = Math.max(...[...index.keys()].map((name) => name.length))
