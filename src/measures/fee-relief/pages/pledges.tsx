import { Form, redirect, useActionData } from 'react-router'
import { listEvents, namesFor } from '../../../commons/policies/index.server.ts'
import { facts as catalogue, type FactId } from '../../../core/eligibility/facts.ts'
import { sayValue } from '../../../core/eligibility/sentence.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { choices } from '../../../core/workflow.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { TextArea } from '../../../web/ui/fields.tsx'
import { Empty } from '../../../web/ui/feedback.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { pledgeStates } from '../model.ts'
import { checkPledge, listPledges } from '../pledges.server.ts'
import { pledgeWorkflow } from '../workflow.ts'
import type { Route } from './+types/pledges.ts'

export const meta = () => [{ title: '承诺书核查 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['regulator', 'admin'])
  const query = readTable(url, { sorts: [], defaultSort: 'signed_at' })
  const { rows, total } = await listPledges(ctx, { page: query.page })
  const names = namesFor([], await listEvents(ctx))
  return {
    query,
    total,
    rows: rows.map((row) => ({
      id: row.id,
      org: row.org_name,
      by: row.signed_by_name,
      at: row.signed_at.slice(0, 10),
      state: row.state,
      opinion: row.opinion,
      version: row.version,
      facts: Object.entries(row.facts).map(
        ([fact, value]) => `${catalogue[fact as FactId].label}：${sayValue(fact as FactId, value as never, names).trim()}`,
      ),
      steps: choices(pledgeWorkflow, row, ctx.actor, ctx.now),
    })),
  }
}

export async function action({ request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['regulator', 'admin'])
  const form = await request.formData()
  const text = (name: string) => String(form.get(name) ?? '')
  const done = await checkPledge(ctx, text('id'), {
    step: text('step') === 'break' ? 'break' : 'confirm',
    opinion: text('opinion'),
    version: Number(text('version')),
  })
  return isRefusal(done) ? refused(done) : redirect(url.pathname + url.search)
}

export default function Pledges({ loaderData: { query, total, rows } }: Route.ComponentProps) {
  type Row = (typeof rows)[number]
  const result = useActionData<typeof action>()
  return (
    <Page title="承诺书核查" lead="企业凭承诺书先享受减免缓；这里看承诺了什么，事后抽查。">
      <ErrorSummary refusal={result?.refusal} />
      <DataTable<Row>
        caption="减免缓承诺书"
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.id}
        columns={[
          { key: 'org', label: '企业', render: (row) => row.org },
          { key: 'facts', label: '承诺的情况', render: (row) => row.facts.join('；') || '没有填报' },
          { key: 'by', label: '签署', render: (row) => `${row.by}，${row.at}` },
          {
            key: 'state',
            label: '核查',
            render: (row) => (
              <>
                <Badge tone={row.state === 'broken' ? 'bad' : row.state === 'confirmed' ? 'good' : 'neutral'}>
                  {pledgeStates[row.state]}
                </Badge>{' '}
                {row.opinion}
                {row.steps.length > 0 && (
                  <Disclosure summary="核查……">
                    <Form method="post">
                      <input type="hidden" name="id" value={row.id} />
                      <input type="hidden" name="version" value={row.version} />
                      <TextArea name="opinion" label="依据或理由" rows={2} maxLength={200} />
                      {row.steps.map((step) => (
                        <Submit key={step.name} name="step" value={step.name} label={step.label} plain />
                      ))}
                    </Form>
                  </Disclosure>
                )}
              </>
            ),
          },
        ]}
        empty={<Empty title="还没有企业签承诺书" hint="企业第一次享受减免时在线签一次。" />}
      />
    </Page>
  )
}
