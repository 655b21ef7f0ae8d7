/** The first page of the pack: what is in it, what is missing, and the fingerprint of each file. Pure. */
import { sayInstant } from '../../../core/say-instant.ts'
import type { PackCounts, PackFile, Period } from './model.ts'

export interface Directory {
  owner: string
  madeBy: string
  /** ISO instant. */
  madeAt: string
  scope: string
  period: Period
  counts: PackCounts
  files: readonly PackFile[]
}

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[character]!)

/** What an auditor would ask for next, in sentences; empty when nothing is missing. */
export const gaps = (counts: PackCounts): string[] =>
  [
    counts.overdue > 0 && `${counts.overdue} 件已超过有效期，见“04-超期与送检中.csv”`,
    counts.withoutResult > 0 && `${counts.withoutResult} 件还没有检定、校准记录`,
    counts.withoutFile > 0 && `${counts.withoutFile} 件的最近一次检定、校准没有证书文件`,
    counts.unconfirmed > 0 && `${counts.unconfirmed} 件的最近一次校准还没有作计量确认`,
  ].filter((text) => text !== false)

/** A page that needs nothing else: it opens from the unpacked folder, without a network. */
export function directoryPage({ owner, madeBy, madeAt, scope, period, counts, files }: Directory): string {
  const missing = gaps(counts)
  const link = (path: string) => path.split('/').map(encodeURIComponent).join('/')
  return `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(owner)} 计量器具审核包</title>
<style>
body { font: 16px/1.6 "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: 4px 8px; border-bottom: 1px solid #bbb; }
code { font-size: 0.8em; overflow-wrap: anywhere; } .n { text-align: right; white-space: nowrap; }
</style>
<h1>计量器具审核包</h1>
<p>${escape(owner)}<br>范围：${escape(scope)}<br>变更记录：${period.from} 至 ${period.to}<br>制作：${escape(madeBy)}，${sayInstant(madeAt)}（衡企）</p>
<h2>内容</h2>
<p>器具 ${counts.instruments} 件；检定、校准、期间核查记录 ${counts.checks} 条；计量确认 ${counts.confirmations} 条；证书文件 ${counts.certificates} 份；送检中 ${counts.sent} 件。</p>
<h2>缺什么</h2>
${missing.length === 0 ? '<p>没有发现缺项。</p>' : `<ul>${missing.map((text) => `<li>${text}</li>`).join('')}</ul>`}
<h2>文件</h2>
<p>每个文件的 SHA-256 与“index.csv”一致；文件改动一个字节，SHA-256 就不同。</p>
<table>
<thead><tr><th>文件</th><th>说明</th><th class="n">行数</th><th class="n">字节</th><th>SHA-256</th></tr></thead>
<tbody>
${files
  .map(
    (file) =>
      `<tr><td><a href="${link(file.path)}">${escape(file.path)}</a></td><td>${escape(file.about)}</td><td class="n">${file.rows ?? ''}</td><td class="n">${file.bytes}</td><td><code>${file.sha256}</code></td></tr>`,
  )
  .join('\n')}
</tbody>
</table>
</html>
`
}
