import { roles, type Role } from '../../core/access.ts'
import { openApi } from '../../platform/openapi.server.ts'
import { Disclosure } from '../../web/ui/disclosure.tsx'
import { Page } from '../../web/ui/page.tsx'
import { operations, version } from '../parts.server.ts'
import type { Route } from './+types/api-docs.ts'
import styles from './api-docs.module.css'

export const meta = () => [
  { title: '接口 · 衡企' },
  { name: 'description', content: '页面能办的事，接口也能办：每个操作的参数、请求体、答复和可能的拒绝，附 OpenAPI 3.1。' },
]

interface Described {
  method: string
  path: string
  summary: string
  by: string
  parameters: { name: string; in: string; required: boolean }[]
  body: string | null
  answer: string
  refusals: { status: string; description: string }[]
}

export function loader() {
  const document = openApi(operations, version)
  const groups = document.tags.map(({ name }) => ({
    name,
    operations: operations
      .filter((op) => op.tag === name)
      .map((op): Described => {
        const entry = (document.paths[op.path] as Record<string, DocumentedOperation>)[op.method]!
        const content = (schema: object | undefined) => (schema ? JSON.stringify(schema, null, 2) : '')
        return {
          method: op.method.toUpperCase(),
          path: `/api/v1${op.path}`,
          summary: op.summary,
          by: op.by === 'public' ? '公开，不用登录' : op.by.map((role: Role) => roles[role]).join('、'),
          parameters: entry.parameters.map(({ name: parameter, in: place, required }) => ({ name: parameter, in: place, required })),
          body: entry.requestBody ? content(entry.requestBody.content['application/json']!.schema) : null,
          answer: content(entry.responses['200']!.content!['application/json']!.schema),
          refusals: Object.entries(entry.responses)
            .filter(([status]) => status !== '200')
            .map(([status, { description }]) => ({ status, description })),
        }
      }),
  }))
  return { groups }
}

interface DocumentedOperation {
  parameters: { name: string; in: string; required: boolean }[]
  requestBody?: { content: Record<string, { schema: object }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>
}

const places: Record<string, string> = { path: '路径', query: '查询', header: '请求头' }

export default function ApiDocs({ loaderData: { groups } }: Route.ComponentProps) {
  return (
    <Page title="接口" lead="页面能办的事，接口也能办：同样的规则、同样的权限、同样的答复。">
      <p>
        机器可读的说明：<a href="/api/openapi.json">openapi.json</a>（OpenAPI 3.1）。写入请带 <code>Idempotency-Key</code>
        ：同一个键重复提交只生效一次。被拒绝时返回 RFC 9457 问题详情，<code>detail</code>{' '}
        是一句说明什么、为什么、怎么办的话。金额单位是分，日期是 YYYY-MM-DD。
      </p>
      {groups.map((group) => (
        <section key={group.name}>
          <h2>{group.name}</h2>
          {group.operations.map((op) => (
            <article key={op.method + op.path} className={styles.operation}>
              <h3>{op.summary}</h3>
              <p className={styles.line}>
                <code>
                  <b>{op.method}</b> {op.path}
                </code>
                <span>{op.by}</span>
              </p>
              {op.parameters.length > 0 && (
                <p>
                  参数：
                  {op.parameters.map((p) => `${p.name}（${places[p.in] ?? p.in}${p.required ? '，必填' : ''}）`).join('、')}
                </p>
              )}
              {op.body && (
                <Disclosure summary="请求体">
                  <pre tabIndex={0}>{op.body}</pre>
                </Disclosure>
              )}
              <Disclosure summary="答复">
                <pre tabIndex={0}>{op.answer}</pre>
              </Disclosure>
              {op.refusals.length > 0 && (
                <p className={styles.refusals}>可能的拒绝：{op.refusals.map((r) => `${r.status} ${r.description}`).join('；')}</p>
              )}
            </article>
          ))}
        </section>
      ))}
    </Page>
  )
}
