import { Form } from 'react-router'
import { DateField } from '../../../web/ui/fields.tsx'
import { Submit } from '../../../web/ui/form.tsx'
import { Disclosure } from '../../../web/ui/disclosure.tsx'

/** Another day, without JavaScript: the day stands in the address. */
export const AsOf = ({ asOf }: { asOf: string }) => (
  <Disclosure summary={`按 ${asOf} 判断，换一个日期`}>
    <Form method="get">
      <DateField name="as-of" label="按哪一天判断" help="可以看政策开始前、截止后的结果" defaultValue={asOf} />
      <Submit label="按这一天判断" busyLabel="正在判断" />
    </Form>
  </Disclosure>
)
