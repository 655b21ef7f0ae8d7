/** Who is meant: the person's number and name, which have to belong together. */
import { TextField } from '../../../web/ui/fields.tsx'

interface PersonFieldsProps {
  typed: { personNumber?: string; personName?: string }
  errors: Readonly<Record<string, string>>
}

export const PersonFields = ({ typed, errors }: PersonFieldsProps) => (
  <>
    <TextField
      name="personNumber"
      label="对方的个人编号"
      required
      maxLength={20}
      autoComplete="off"
      help="请对方登录后告诉您，12 位，如 3f2a-9c4d-7e10"
      defaultValue={typed.personNumber}
      error={errors.personNumber}
    />
    <TextField
      name="personName"
      label="对方姓名"
      required
      maxLength={50}
      autoComplete="off"
      help="须与编号相符，以免认错人"
      defaultValue={typed.personName}
      error={errors.personName}
    />
  </>
)
