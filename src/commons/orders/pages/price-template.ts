import { ctxKey } from '../../../platform/context.server.ts'
import { download, excelStream } from '../../../platform/sheet-writer.server.ts'
import { admit } from '../../../web/admit.server.ts'
import { priceColumns } from '../prices/sheet.ts'
import type { Route } from './+types/price-template.ts'

/** The columns with one made-up row of each kind; the rows are to be written over. */
const examples = [
  ['J001', '示例：压力表检定', '检定', '压力表', '(0～60) MPa', '块', '50.00', '省价费〔20XX〕X号 附表第X项', '10', '是'],
  ['X001', '示例：卡尺校准', '校准', '卡尺', '(0～300) mm', '把', '120.00', '合同价', '10', '否'],
  ['', '示例：加急', '加急', '', '', '', '50%', '合同价', '3', ''],
  ['', '示例：上门', '上门', '', '', '', '200.00', '合同价', '', ''],
]

export async function loader({ context, url }: Route.LoaderArgs) {
  admit(context.get(ctxKey), url, ['counter', 'finance'])
  const columns = priceColumns.map((header) => ({
    header,
    width: header === '收费依据' ? 36 : 14,
    ...(header === '服务' && { choices: ['检定', '校准', '检测', '加急', '上门'] }),
    ...(header === '可上门' && { choices: ['是', '否'] }),
  }))
  return download(excelStream([{ name: '收费目录', columns, rows: examples, choiceRows: 2_000 }]), '收费目录模板.xlsx', 'xlsx')
}
