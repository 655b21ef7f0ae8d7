import { Form, Link } from 'react-router'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { Empty, Notice, Stat } from '../../../web/ui/feedback.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { missingScope } from '../../people/index.server.ts'
import { sayBytes } from '../../files/index.ts'
import { gaps } from '../audit-pack/directory.ts'
import { periodOf } from '../audit-pack/model.ts'
import { sayScope } from '../audit-pack/scope.ts'
import { previewPack } from '../audit-pack/survey.server.ts'
import { scopeOf } from '../labels/scope.ts'
import { choicesOf } from '../queries.server.ts'
import { readRegister } from '../register-query.ts'
import type { Route } from './+types/audit-pack.ts'
import { admit } from '../../../web/admit.server.ts'

export const meta = () => [{ title: '审核包 · 器具台账 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const { asked } = readRegister(url.searchParams)
  const [preview, { places }, scope] = [await previewPack(ctx, asked), await choicesOf(ctx), await missingScope(ctx, 'ledger')]
  return {
    ...preview,
    missing: gaps(preview.counts),
    places,
    place: asked.place ?? '',
    kept: scopeOf(url.searchParams),
    scope: sayScope(asked),
    period: periodOf(url.searchParams.get('from'), url.searchParams.get('to'), shanghaiDate(ctx.now)),
    readOnly: scope?.reason,
  }
}

export default function AuditPack({ loaderData }: Route.ComponentProps) {
  const { counts, lacking, missing, places, place, kept, scope, period, readOnly } = loaderData
  const others = kept.filter(([name]) => name !== 'place')
  return (
    <Page
      title="审核包"
      lead="客户验厂、体系审核时一次交齐：台账、检定校准记录、证书文件、计量确认和变更记录，打成一个压缩包。"
      back={{ to: '/me/instruments', label: '器具台账' }}
    >
      {readOnly && (
        <Notice tone="info" title="您可以查看，不能制作审核包">
          {readOnly}。
        </Notice>
      )}
      <Form method="get" className="filters" aria-label="范围">
        {others.map(([name, value]) => (
          <input key={`${name}=${value}`} type="hidden" name={name} value={value} />
        ))}
        <label>
          地点
          <select name="place" defaultValue={place} key={place}>
            <option value="">全部</option>
            {places.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <label>
          变更记录从
          <input type="date" name="from" defaultValue={period.from} key={period.from} />
        </label>
        <label>
          到
          <input type="date" name="to" defaultValue={period.to} key={period.to} />
        </label>
        <div className="row">
          <button type="submit" className="button">
            更新
          </button>
          {others.length > 0 && <Link to="/me/instruments/audit-pack">改为全部在册</Link>}
        </div>
      </Form>
      {counts.instruments === 0 ? (
        <Empty title="这个范围里没有器具" hint="换一个地点，或到台账里登记、导入器具。" action={<Link to="/me/instruments">去台账</Link>} />
      ) : (
        <>
          <section aria-labelledby="inside" className="stack">
            <h2 id="inside">{scope}，里面有</h2>
            <div className="stats">
              <Stat value={counts.instruments} unit="件" label="器具" to={`/me/instruments?${new URLSearchParams(kept)}`} />
              <Stat value={counts.checks} unit="条" label="检定校准记录" />
              <Stat value={counts.confirmations} unit="条" label="计量确认" />
              <Stat
                value={counts.certificates}
                unit={counts.certificates === 0 ? '份' : `份，${sayBytes(counts.certificateBytes)}`}
                label="证书文件"
              />
              <Stat value={counts.sent} unit="件" label="送检中" to="/me/instruments?state=sent" />
            </div>
          </section>
          <section aria-labelledby="missing" className="stack">
            <h2 id="missing">审核员可能会问</h2>
            {missing.length === 0 ? (
              <Notice tone="good" title="没有发现缺项" />
            ) : (
              <Notice tone="warn" title="现在就能补上的，先补上">
                <ul>
                  {missing.map((text) => (
                    <li key={text}>{text}</li>
                  ))}
                </ul>
              </Notice>
            )}
            {lacking.length > 0 && (
              <details className="disclosure">
                <summary>先看 {lacking.length} 件</summary>
                <ul>
                  {lacking.map(({ id, code, name, what }) => (
                    <li key={id}>
                      <Link to={`/me/instruments/${id}`}>
                        {code} {name}
                      </Link>
                      ：{what}
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </section>
          {!readOnly && (
            <form method="post" action="/me/instruments/audit-pack.zip" className="form">
              {kept.map(([name, value]) => (
                <input key={`${name}=${value}`} type="hidden" name={name} value={value} />
              ))}
              <input type="hidden" name="from" value={period.from} />
              <input type="hidden" name="to" value={period.to} />
              <div>
                <button type="submit" className="button primary">
                  下载审核包
                </button>
              </div>
              <p className="soft">
                变更记录 {period.from} 至 {period.to}。每个文件的 SHA-256 写在清单里，改动一个字节都看得出。这次下载会记在经过里。
              </p>
            </form>
          )}
        </>
      )}
    </Page>
  )
}
