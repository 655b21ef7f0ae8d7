import { Link } from 'react-router'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit } from '../../../web/admit.server.ts'
import { Empty } from '../../../web/ui/feedback.tsx'
import { FilterSearch, FilterSelect, Filters } from '../../../web/ui/filters.tsx'
import { Badge, Day } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { certificateKinds } from '../content.ts'
import { certificateStates, certificateTones, type CertificateState } from '../model.ts'
import { certificateSorts, listCertificates } from '../queries.server.ts'
import type { Route } from './+types/certificates.ts'

export const meta = () => [{ title: '证书 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const own = url.pathname.startsWith('/me/')
  admit(ctx, url, own ? ['enterprise'] : ['counter', 'tester', 'approver', 'regulator', 'admin'])
  const query = readTable(url, { sorts: certificateSorts, defaultSort: '-issued_at' })
  const state = Object.hasOwn(certificateStates, query.params.state ?? '') ? (query.params.state as CertificateState) : undefined
  const { rows, total } = await listCertificates(ctx, { ...query, sort: query.sort as never, ...(state && { state }) })
  return {
    own,
    mayKeys: ['approver', 'regulator', 'admin'].includes(ctx.actor.role),
    query,
    total,
    state: state ?? '',
    rows: rows.map((row) => ({
      id: row.id,
      number: row.number,
      kind: certificateKinds[row.kind],
      with: own ? row.content.institution.name : row.client_name,
      item: row.item_name,
      serial: row.item_serial ?? '—',
      state: row.state,
      issuedOn: row.issued_on,
      validUntil: row.valid_until,
    })),
  }
}

export default function Certificates({ loaderData: { own, mayKeys, query, total, rows, state } }: Route.ComponentProps) {
  type Row = (typeof rows)[number]
  return (
    <Page
      title={own ? '我的证书' : '证书'}
      lead={own ? '机构出具的证书，有没有付清都可以下载。' : '出具过的证书：有误的出更正证书，不成立的申请撤销。'}
      actions={
        <span className="row">
          {own && (
            <Link to="/me/certificates/upload" className="button primary">
              上传别处的证书
            </Link>
          )}
          {mayKeys && (
            <Link to="/certificates/keys" className="button">
              签名密钥
            </Link>
          )}
          <Link to="/check" className="button">
            核对证书
          </Link>
        </span>
      }
    >
      <Filters clear={query.q || state ? <Link to="?">清除</Link> : undefined}>
        <FilterSearch value={query.q} placeholder="编号、单位、器具" />
        <FilterSelect
          name="state"
          label="状态"
          value={state}
          options={Object.entries(certificateStates).map(([value, label]) => ({ value, label }))}
        />
      </Filters>
      <DataTable<Row>
        caption="证书"
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'number',
            label: '编号',
            sortable: true,
            whole: true,
            render: (row) => <Link to={own ? `/me/certificates/${row.id}` : `/certificates/${row.id}`}>{row.number}</Link>,
          },
          { key: 'kind', label: '证书', render: (row) => row.kind },
          { key: own ? 'institution' : 'client_name', label: own ? '机构' : '企业', sortable: !own, render: (row) => row.with },
          { key: 'item', label: '器具', render: (row) => row.item },
          { key: 'serial', label: '出厂编号', render: (row) => row.serial },
          { key: 'issued_at', label: '签发', sortable: true, render: (row) => <Day date={row.issuedOn} /> },
          { key: 'valid_until', label: '有效期至', sortable: true, whole: true, render: (row) => row.validUntil ?? '—' },
          {
            key: 'state',
            label: '状态',
            render: (row) => <Badge tone={certificateTones[row.state]}>{certificateStates[row.state]}</Badge>,
          },
        ]}
        empty={
          <Empty
            title={query.q || state ? '没有找到' : '还没有证书'}
            hint={own ? '检定校准完成、机构签发以后会列在这里。' : '签发以后会列在这里。'}
          />
        }
      />
    </Page>
  )
}
