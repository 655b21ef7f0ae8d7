import { Link } from 'react-router'
import { ctxKey } from '../../../platform/context.server.ts'
import { Empty } from '../../../web/ui/feedback.tsx'
import { Badge, When } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { importStates, stateTones, type ImportState } from '../import/model.ts'
import { listImports } from '../import/queries.server.ts'
import { sayCounts } from '../import/say.ts'
import { admit } from '../../../web/admit.server.ts'
import type { Route } from './+types/imports.ts'

export const meta = () => [{ title: '导入记录 · 衡企' }]

const base = '/me/instruments'

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const query = readTable(url, { sorts: ['created_at'], defaultSort: '-created_at' })
  const { rows, total } = await listImports(ctx, query)
  return {
    query,
    total,
    rows: rows.map((row) => ({
      id: row.id,
      number: row.number,
      file: row.file_name,
      state: row.state,
      said: sayCounts(row),
      by: row.started_by_name,
      at: row.created_at,
    })),
  }
}

interface Row {
  id: string
  number: string
  file: string
  state: ImportState
  said: string
  by: string
  at: string
}

export default function Imports({ loaderData: { query, rows, total } }: Route.ComponentProps) {
  return (
    <Page
      title="导入记录"
      lead="每次上传的文件、判断的结果和登记的件数都留在这里。"
      back={{ to: base, label: '器具台账' }}
      actions={
        <Link to={`${base}/imports/new`} className="button primary">
          导入 Excel
        </Link>
      }
    >
      <DataTable<Row>
        caption="导入记录"
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.id}
        columns={[
          { key: 'file', label: '文件', render: (row) => <Link to={`${base}/imports/${row.id}`}>{row.file}</Link> },
          { key: 'state', label: '状态', render: (row) => <Badge tone={stateTones[row.state]}>{importStates[row.state]}</Badge> },
          { key: 'said', label: '结果', render: (row) => row.said },
          { key: 'number', label: '编号', render: (row) => row.number },
          {
            key: 'at',
            label: '上传',
            render: (row) => (
              <>
                {row.by} <When at={row.at} />
              </>
            ),
          },
        ]}
        empty={
          <Empty
            title="还没有导入过"
            hint="自己的台账不用改格式：表头会自动认，认错的可以改；有问题的行逐行说明，改好再登记。"
            action={
              <p className="row" style={{ justifyContent: 'center' }}>
                <Link to={`${base}/imports/new`} className="button primary">
                  导入 Excel
                </Link>
                <a href={`${base}/template.xlsx`}>下载模板</a>
              </p>
            }
          />
        }
      />
    </Page>
  )
}
