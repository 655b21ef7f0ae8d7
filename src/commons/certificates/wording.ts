/** What each kind of document says in words: the conclusion, and the notes that its rules want on it. */
import type { CertificateContent } from './content.ts'
import { certificateKinds } from './content.ts'

/** Names of what failed, each once: the items of a 检定结果通知书. */
export const failedItems = ({ inspections, tables }: Pick<CertificateContent, 'inspections' | 'tables'>): string[] => [
  ...new Set([
    ...inspections.filter(({ verdict }) => verdict === 'fail').map(({ title }) => title),
    ...tables.filter(({ rows }) => rows.some(({ verdict }) => verdict === 'fail')).map(({ title }) => title),
  ]),
]

/** The one sentence of the conclusion. A calibration gives none. */
export function conclusionOf(content: Pick<CertificateContent, 'kind' | 'grade' | 'inspections' | 'tables'>): string {
  switch (content.kind) {
    case 'verification':
      return content.grade ? `合格，准予作${content.grade}使用` : '合格'
    case 'verification-failure':
      return `不合格，不合格项目：${failedItems(content).join('、')}`
    case 'calibration':
      return '校准结果见数据页；本证书不作合格与否的结论'
  }
}

/** The words before the conclusion. */
export const conclusionLabels = { verification: '检定结论', 'verification-failure': '检定结论', calibration: '校准结论' } as const

/** What was done: 检定 or 校准. */
export const doneWord = (kind: CertificateContent['kind']): string => (kind === 'calibration' ? '校准' : '检定')

/** Standing notes of the kind, then those of this document. */
export function notesOf(content: CertificateContent): string[] {
  const title = certificateKinds[content.kind]
  const standing = [
    `本${content.kind === 'verification-failure' ? '通知书' : '证书'}的结果仅对本次${doneWord(content.kind)}的计量器具有效。`,
    `未经本机构书面批准，不得部分复制本${title}；电子文件与纸质文件内容相同，可按首页二维码核对。`,
  ]
  return [...standing, ...notesOfKind(content), ...content.remarks]
}

function notesOfKind({ kind, adviceMonths, dates }: CertificateContent): string[] {
  switch (kind) {
    case 'verification':
      return [
        `有效期至 ${dates.validUntil ?? ''}，到期前请申请后续检定；有效期内发生故障或修理后须重新检定。`,
        '本证书依据《计量检定印、证管理办法》出具。',
      ]
    case 'verification-failure':
      return [
        '按《计量法实施细则》，不准在工作岗位上使用经检定不合格的计量器具；修理后须重新检定合格。',
        '对检定结果有异议的，可向当地市场监督管理部门申请计量调解或仲裁检定（《仲裁检定和计量调解办法》）。',
        '本通知书依据《计量检定印、证管理办法》出具，不给有效期。',
      ]
    case 'calibration':
      return [
        '校准不判定合格与否，是否满足使用要求由客户作计量确认（GB/T 19022）。',
        adviceMonths === undefined
          ? '复校间隔由客户根据使用情况自行确定。'
          : `应客户要求，建议复校间隔不超过 ${adviceMonths} 个月；实际间隔由客户根据使用情况确定。`,
      ]
  }
}
