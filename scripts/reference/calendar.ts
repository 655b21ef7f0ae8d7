/**
 * Rebuilds src/core/reference/calendar.json from the unpacked npm package chinese-days (MIT), cross-checked with holiday-calendar (MIT).
 *   npm pack chinese-days@1.5.7 holiday-calendar@1.3.3   (unpack each into a folder of its own)
 *   node scripts/reference/calendar.ts <chinese-days folder> <holiday-calendar folder>
 * Years before 2021 are left out: the two packages disagree there. Stops when they disagree on any day from 2021 on.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [daysFolder, checkFolder] = process.argv.slice(2)
if (!daysFolder || !checkFolder) throw new Error('usage: node scripts/reference/calendar.ts <chinese-days> <holiday-calendar>')
const [first, last] = [2021, 2026]

/** The yearly notice 《国务院办公厅关于××年部分节假日安排的通知》; numbers from memory, addresses as package chinese-workday 1.16.1 cites them. */
const notices = [
  { year: 2021, docNo: '国办发明电〔2020〕27号', url: 'https://www.gov.cn/zhengce/content/2020-11/25/content_5564127.htm' },
  { year: 2022, docNo: '国办发明电〔2021〕11号', url: 'https://www.gov.cn/zhengce/content/2021-10/25/content_5644835.htm' },
  { year: 2023, docNo: '国办发明电〔2022〕16号', url: 'https://www.gov.cn/zhengce/zhengceku/2022-12/08/content_5730844.htm' },
  { year: 2024, docNo: '国办发明电〔2023〕7号', url: 'https://www.gov.cn/zhengce/zhengceku/202310/content_6911528.htm' },
  { year: 2025, docNo: '国办发明电〔2024〕12号', url: 'https://www.gov.cn/zhengce/content/202411/content_6986382.htm' },
  { year: 2026, docNo: '国办发明电〔2025〕7号', url: 'https://www.gov.cn/zhengce/content/202511/content_7047090.htm' },
]

const parse = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))
const inRange = (date: string) => date >= `${first}-01-01` && date <= `${last}-12-31`

type Kind = 'holiday' | 'workday'
const days = parse(join(daysFolder, 'dist/chinese-days.json')) as Record<'holidays' | 'workdays', Record<string, string>>
/** A value reads `New Year's Day,元旦,1`. */
const rowsOf = (from: Record<string, string>, kind: Kind) =>
  Object.entries(from).map(([date, text]) => [date, kind, text.split(',')[1] ?? ''] as [string, Kind, string])
const rows = [...rowsOf(days.holidays, 'holiday'), ...rowsOf(days.workdays, 'workday')]
  .filter(([date]) => inRange(date))
  .sort((a, b) => (a[0] < b[0] ? -1 : 1))

const check = new Map<string, Kind>()
for (let year = first - 1; year <= last + 1; year++) {
  let file: { dates: { date: string; type: string }[] }
  try {
    file = parse(join(checkFolder, `data/CN/${year}.json`)) as typeof file
  } catch {
    continue
  }
  for (const d of file.dates) if (inRange(d.date)) check.set(d.date, d.type === 'public_holiday' ? 'holiday' : 'workday')
}
const ours = new Map(rows.map(([date, kind]) => [date, kind]))
const differing = [...new Set([...ours.keys(), ...check.keys()])].filter((date) => ours.get(date) !== check.get(date))
if (differing.length > 0) throw new Error(`the packages disagree on ${differing.join(', ')}`)

const header = {
  source: '国务院办公厅各年《关于部分节假日安排的通知》，逐日取自 npm chinese-days 1.5.7，与 holiday-calendar 1.3.3 逐日核对一致',
  edition: 'chinese-days 1.5.7',
  cutOff: `${last}-12-31`,
  licence: 'MIT',
  since: `${first}-01-01`,
  trust: 'package',
}
const years = notices.map((n) => ({
  ...n,
  title: `国务院办公厅关于${n.year}年部分节假日安排的通知`,
  docNoTrust: 'model-knowledge',
  trust: 'package',
}))
const lines = rows.map((row) => `    ${JSON.stringify(row).replaceAll('","', '", "')}`).join(',\n')
const head = JSON.stringify({ ...header, years }, null, 2).replace(/\n}$/, '')
writeFileSync(new URL('../../src/core/reference/calendar.json', import.meta.url), `${head},\n  "rows": [\n${lines}\n  ]\n}\n`)
console.log(`${rows.length} days, ${first}–${last}, no disagreement`)
