/** The certificate of a standard, as a form: when it is registered and when it comes back from calibration. */
import { DateField, NumberField, SelectField, TextField } from '../../../web/ui/fields.tsx'
import { qualityBases } from '../standards/model.ts'

interface StandardFieldsProps {
  values: Readonly<Record<string, string | undefined>>
  errors: Readonly<Record<string, string>>
}

export const fieldOf =
  ({ values, errors }: StandardFieldsProps) =>
  (name: string, label: string) => ({ name, label, defaultValue: values[name], error: errors[name] })

export function CertificateFields(props: StandardFieldsProps) {
  const field = fieldOf(props)
  return (
    <>
      <SelectField
        {...field('qualityKind', '证书给出')}
        required
        defaultValue={props.values.qualityKind ?? 'U'}
        options={[
          { value: 'U', label: '扩展不确定度 U 和 k' },
          { value: 'mpe', label: '准确度等级或最大允许误差' },
        ]}
      />
      <NumberField {...field('qualityValue', 'U 或最大允许误差的绝对值')} required error={props.errors.quality} />
      <NumberField {...field('k', '包含因子 k')} help="给出 U 时填写，一般为 2" />
      <SelectField
        {...field('of', '这个数按什么计')}
        required
        defaultValue={props.values.of ?? 'value'}
        options={Object.entries(qualityBases).map(([value, label]) => ({ value, label }))}
      />
      <TextField {...field('certificate', '证书编号')} required maxLength={60} />
      <TextField {...field('issuedBy', '出证机构')} required maxLength={60} />
      <DateField {...field('validFrom', '生效日期')} required />
      <DateField {...field('validUntil', '有效期至')} required />
    </>
  )
}

/** From the form to what the commands read. */
export const certificateIn = (values: Readonly<Record<string, string>>) => ({
  quality: { kind: values.qualityKind, value: values.qualityValue, k: values.k ? values.k : null, of: values.of },
  certificate: values.certificate,
  issuedBy: values.issuedBy,
  validFrom: values.validFrom,
  validUntil: values.validUntil,
})
