/** What else may be done with an order: by the step table, and the slot of a visit. */
import { Form } from 'react-router'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { DateField, SelectField, TextField } from '../../../web/ui/fields.tsx'
import { Submit } from '../../../web/ui/form.tsx'
import { Steps } from '../../../web/ui/steps.tsx'
import type { OrderData } from './order-view.server.ts'

export function OrderActions({
  data: { order, role, steps, crews, visit },
  values,
  fields,
}: {
  data: OrderData
  values: Record<string, string>
  fields?: Record<string, string> | undefined
}) {
  const visiting = role === 'counter' && order.mode === 'on-site' && (order.state === 'placed' || order.state === 'accepted')
  const field = (name: string, label: string) => ({
    name,
    label,
    defaultValue: values[name],
    required: true,
    ...(fields?.[name] && { error: fields[name] }),
  })
  return (
    <>
      {visiting && (
        <Disclosure summary={visit ? '改约上门时间' : '安排上门时间'} open={!visit || Boolean(fields?.from)}>
          <Form method="post" className="form" noValidate>
            <SelectField {...field('crew', '小组')} empty="请选择" options={crews.map((crew) => ({ value: crew, label: crew }))} />
            <DateField {...field('day', '日期')} defaultValue={values.day || order.wanted_on} />
            <TextField {...field('from', '从（如 09:00）')} maxLength={5} />
            <TextField {...field('to', '到（如 11:30）')} maxLength={5} />
            <Submit name="intent" value="visit" label={visit ? '改约' : '约定'} busyLabel="正在约定" />
          </Form>
        </Disclosure>
      )}
      <Steps choices={steps} version={order.version} />
    </>
  )
}
