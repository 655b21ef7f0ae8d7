import { Link, redirect, useActionData } from 'react-router'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey, publicUrlKey } from '../../../platform/context.server.ts'
import { qrMatrix, qrPath } from '../../../platform/qr.ts'
import { refused } from '../../../web/refused.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Empty, Notice } from '../../../web/ui/feedback.tsx'
import { SelectField } from '../../../web/ui/fields.tsx'
import { FormPage, Submit } from '../../../web/ui/form.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { labelOf, labelUrl } from '../labels/content.ts'
import { isLabelFormat, labelFormats, perSheet, sheetsFor, startOn, type LabelFormat } from '../labels/formats.ts'
import { mostLabels, renewLabel } from '../labels/labels.server.ts'
import { scopeOf } from '../labels/scope.ts'
import { listInstruments } from '../queries.server.ts'
import { readRegister } from '../register-query.ts'
import { admit } from '../../../web/admit.server.ts'
import { LabelPreview, SheetPreview } from './label-previews.tsx'
import styles from './labels.module.css'
import type { Route } from './+types/labels.ts'

export const meta = () => [{ title: '打印标签 · 器具台账 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const { asked } = readRegister(url.searchParams)
  const { rows, total, capped } = await listInstruments(ctx, { ...asked, pageSize: 1 })
  const given = url.searchParams.get('format')
  const name = isLabelFormat(given) ? given : 'a4-24'
  const label = rows[0] && labelOf(rows[0])
  const matrix = label && qrMatrix(labelUrl(context.get(publicUrlKey), label.token))
  const kept = scopeOf(url.searchParams)
  return {
    name,
    start: startOn(labelFormats[name], url.searchParams.get('start')),
    total,
    capped,
    most: mostLabels,
    chosen: asked.ids !== undefined,
    kept,
    register: `/me/instruments?${new URLSearchParams(kept.filter(([key]) => key !== 'ids'))}`,
    // For one instrument alone, its label can be renewed.
    single: asked.ids?.length === 1 && rows[0] ? { id: rows[0].id, version: rows[0].version } : undefined,
    renewed: url.searchParams.has('renewed'),
    sample: label && matrix && { label, code: { path: qrPath(matrix), modules: matrix.length } },
  }
}

export async function action({ request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const form = await request.formData()
  const id = String(form.get('id'))
  const answer = await renewLabel(ctx, id, Number(form.get('version')))
  return isRefusal(answer) ? refused(answer) : redirect(`/me/instruments/labels?ids=${id}&renewed=1`)
}

export default function Labels({ loaderData }: Route.ComponentProps) {
  const { name, start, total, capped, most, chosen, kept, register, single, renewed, sample } = loaderData
  const result = useActionData<typeof action>()
  const format: LabelFormat = labelFormats[name]
  const isSheet = perSheet(format) > 1
  const printed = Math.min(total, most)
  return (
    <Page
      title="打印标签"
      lead="贴在器具上，用手机一扫就知道能不能用、有效期到哪天，还能报告故障；不用登录。"
      back={{ to: register, label: '器具台账' }}
    >
      {result && (
        <Notice tone="bad" title="没有办成" live>
          {result.refusal.reason}
        </Notice>
      )}
      {renewed && !result && (
        <Notice tone="good" title="已换新标签" live>
          旧标签从现在起扫不开了，请打印新标签贴上。
        </Notice>
      )}
      {!sample ? (
        <Empty title="没有要打印的器具" hint="到台账里勾选，或用筛选条件找出要贴标签的器具。" action={<Link to={register}>去台账</Link>} />
      ) : (
        <div className={styles.layout}>
          {/* Not a form of the router: one of its buttons saves a file. */}
          <form method="get" className="form">
            {kept.map(([key, value]) => (
              <input key={`${key}=${value}`} type="hidden" name={key} value={value} />
            ))}
            <p>
              {chosen ? '勾选的' : '台账里筛选出的'} <b>{capped ? `${most} 多` : total}</b> 件，每件一张
              {isSheet && `，共 ${sheetsFor(format, printed, start)} 张纸`}。
            </p>
            {total > most && (
              <Notice tone="warn" title={`一次最多 ${most} 张`}>
                按编号先打印前 {most} 件；其余的请按地点筛选后分批打印。
              </Notice>
            )}
            <SelectField
              name="format"
              label="标签纸"
              required
              defaultValue={name}
              options={Object.entries(labelFormats).map(([value, { label }]) => ({ value, label }))}
            />
            {isSheet && (
              <SelectField
                key={name}
                name="start"
                label="从第几格开始"
                required
                help="纸用过一部分时，跳过已经揭走的格。"
                defaultValue={String(start)}
                options={Array.from({ length: perSheet(format) }, (_, i) => ({
                  value: String(i + 1),
                  label: `第 ${i + 1} 格（第 ${Math.floor(i / format.columns) + 1} 行第 ${(i % format.columns) + 1} 个）`,
                }))}
              />
            )}
            <div className="row">
              <button type="submit" className="button primary" formAction="/me/instruments/labels.pdf">
                下载 PDF
              </button>
              <button type="submit" className="button">
                更新预览
              </button>
            </div>
            <p className="soft">打印时请选“实际大小（100%）”，不要“适合页面”。标签上的状态是打印那一刻的，以扫码看到的为准。</p>
          </form>
          <div className={styles.previews}>
            <LabelPreview format={format} {...sample} />
            {isSheet && <SheetPreview format={format} start={start} total={printed} />}
            {single && (
              <Disclosure summary="标签丢了，或被人复制了">
                <FormPage>
                  <input type="hidden" name="id" value={single.id} />
                  <input type="hidden" name="version" value={single.version} />
                  <p>换一个新的二维码；旧标签马上失效，要重新打印、重新贴。</p>
                  <Submit label="更换标签" busyLabel="正在更换" danger />
                </FormPage>
              </Disclosure>
            )}
          </div>
        </div>
      )}
    </Page>
  )
}
