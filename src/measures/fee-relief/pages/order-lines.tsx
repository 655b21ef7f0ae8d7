/** The lines of an order: for the counter with what is to be ticked, for everybody with what was decided and why. */
import { Form, Link } from 'react-router'
import { TextField } from '../../../web/ui/fields.tsx'
import { Submit } from '../../../web/ui/form.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { LineWhy } from './line-why.tsx'
import type { OrderData } from './order-view.server.ts'

interface Props {
  data: OrderData
  values: Record<string, string>
  fields?: Record<string, string> | undefined
}

export function OrderLines({ data, values, fields }: Props) {
  const { order, lines, role, mayAccept, own } = data
  const handing = role === 'counter' && lines.some(({ returnable }) => returnable) && order.accepted_at !== null
  return (
    <Form method="post" noValidate>
      <input type="hidden" name="version" value={order.version} />
      <div className="table-scroll data" tabIndex={0} role="region" aria-label="委托项目">
        <table className="cards">
          <caption className="hidden">委托项目</caption>
          <thead>
            <tr>
              <th scope="col">器具</th>
              <th scope="col">做什么，依据</th>
              <th scope="col" className="end">
                标价
              </th>
              <th scope="col" className="end">
                减免
              </th>
              <th scope="col" className="end">
                应付
              </th>
              <th scope="col">进度</th>
              {(mayAccept || handing) && <th scope="col">{mayAccept ? '收到样品' : '交还'}</th>}
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.id}>
                <th scope="row">
                  {line.instrumentId ? <Link to={`/me/instruments/${line.instrumentId}`}>{line.code}</Link> : line.code} {line.name}
                  {line.serial && <small className="soft"> 出厂编号 {line.serial}</small>}
                </th>
                <td data-label="做什么，依据">
                  {line.service}
                  <br />
                  <small className="soft">{line.basis}</small>
                  {line.toVerify && !mayAccept && (
                    <small>
                      <Badge tone="warn">待核实</Badge> 是否强制检定由窗口受理时核定
                    </small>
                  )}
                  {line.toVerify && mayAccept && (
                    <label className={fields?.[`settled-${line.id}`] ? 'wrong' : undefined}>
                      <Badge tone="warn">待核实</Badge> 核定
                      <select
                        name={`settled-${line.id}`}
                        defaultValue={values[`settled-${line.id}`] ?? ''}
                        aria-label={`${line.code} 是否强制检定`}
                      >
                        <option value="">请选择</option>
                        <option value="mandatory">强制检定，不收费</option>
                        <option value="voluntary">非强制检定，按目录收费</option>
                      </select>
                    </label>
                  )}
                </td>
                <td data-label="标价" className="end">
                  {line.fee}
                </td>
                <td data-label="减免" className="end">
                  {line.relief}
                  {line.credited && <small className="soft"> 其中复核补减 {line.credited}</small>}
                  <LineWhy line={line} data={data} />
                </td>
                <td data-label="应付" className="end">
                  {line.toPay}
                </td>
                <td data-label="进度">
                  <Badge tone={line.tone}>{line.state}</Badge>
                  {line.finding && <small className="soft"> {line.finding}</small>}
                  <LineCertificate line={line} order={order.id} own={own} />
                  {!own && order.accepted_at && (
                    <div>
                      <Link to={`/s/${line.token}`}>样品页</Link>
                    </div>
                  )}
                </td>
                {mayAccept && (
                  <td data-label="收到样品">
                    <input type="checkbox" name="received" value={line.id} defaultChecked aria-label={`收到 ${line.code}`} />
                  </td>
                )}
                {!mayAccept && handing && (
                  <td data-label="交还">
                    {line.returnable && (
                      <input type="checkbox" name="lineIds" value={line.id} defaultChecked aria-label={`交还 ${line.code}`} />
                    )}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {mayAccept && <Submit name="intent" value="accept" label="受理勾选的样品" busyLabel="正在受理" />}
      {!mayAccept && handing && (
        <div className="form">
          <TextField name="to" label="取样人" required maxLength={40} defaultValue={values.to} {...(fields?.to && { error: fields.to })} />
          <Submit name="intent" value="hand-back" label="交还勾选的" busyLabel="正在登记" />
        </div>
      )}
    </Form>
  )
}

/** Both documents of what was issued here; the file alone where an outside certificate was brought. */
function LineCertificate({ line, order, own }: { line: OrderData['lines'][number]; order: string; own: boolean }) {
  const me = own ? '/me' : ''
  const { certificate } = line
  if (certificate) {
    const base = `${me}/certificates/${certificate.id}`
    return (
      <div>
        <Link to={base}>{certificate.number}</Link>
        <div className="row">
          <a href={`${base}/document/pdf`} download>
            下载证书 PDF
          </a>
          <a href={`${base}/document/xml`} download>
            数字证书 XML
          </a>
        </div>
      </div>
    )
  }
  return (
    <>
      {line.certificateNo && <div>{line.certificateNo}</div>}
      {line.hasFile && <a href={`${me}/orders/${order}/${line.id}/certificate.pdf`}>下载证书</a>}
    </>
  )
}
