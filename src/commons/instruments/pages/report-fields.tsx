/** The fields of a fault report, on the label's page and on the list of faults. */
import type { Refusal } from '../../../core/refusal.ts'
import { FileField, TextArea } from '../../../web/ui/fields.tsx'
import { accept } from '../../files/index.ts'
import { faultPhoto } from '../faults/model.ts'

interface ReportFieldsProps {
  refusal?: Refusal | undefined
  values?: Record<string, string> | undefined
}

export const ReportFields = ({ refusal, values }: ReportFieldsProps) => (
  <>
    <TextArea
      name="description"
      label="哪里不对"
      required
      rows={3}
      maxLength={500}
      placeholder="如：指针不回零；外壳裂了；读数比别的表高"
      defaultValue={values?.description}
      error={refusal?.fields?.description}
    />
    <FileField
      name="file"
      label="照片"
      accept={accept(faultPhoto.types)}
      help="JPEG、PNG 或 WebP，不超过 8 MB。照片里的拍摄地点和时间不会保存。"
      error={refusal?.fields?.file}
    />
  </>
)
