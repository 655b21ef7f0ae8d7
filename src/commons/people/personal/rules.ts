/** What a person may correct and when they may leave. 《个人信息保护法》第四十五至四十七条. */
import { z } from 'zod'
import { duties, type Duty } from '../model.ts'

/** 13812345678, with or without blanks, hyphens and +86; undefined when it is no mobile number of the mainland. */
export function readPhone(text: string): string | undefined {
  const plain = text
    .normalize('NFKC')
    .replace(/[\s-]/g, '')
    .replace(/^\+?86(?=1\d{10}$)/, '')
  return /^1[3-9]\d{9}$/.test(plain) ? plain : undefined
}

export const readEmail = (text: string): string | undefined => {
  const parsed = z.email().max(200).safeParse(text.trim().toLowerCase())
  return parsed.success ? parsed.data : undefined
}

/** Letters, marks, blanks, dots and digits: a name that could be read as markup or as several lines is none. */
export const readName = (text: string): string | undefined => {
  const name = text.normalize('NFC').replace(/\s+/g, ' ').trim()
  return /^[\p{L}\p{M}\p{N}·•.\- ]{2,50}$/u.test(name) ? name : undefined
}

/** 138****1234. */
export const maskPhone = (phone: string): string => `${phone.slice(0, 3)}****${phone.slice(-4)}`

/** z***@example.com: the name behind its first letter is nobody's business. */
export const maskEmail = (email: string): string => email.replace(/^(.).*@/, '$1***@')

export interface HeldDuty {
  orgName: string
  duty: Duty
  /** Others of the organisation who hold the same duty today. */
  others: number
}

/** Why a person cannot leave now, and what to do; nothing when they can. */
export function erasureProblem(held: readonly HeldDuty[]): string | undefined {
  const alone = held.filter((each) => each.duty === 'legal-representative' && each.others === 0)
  if (alone.length === 0) return undefined
  const orgs = alone.map(({ orgName }) => orgName).join('、')
  return `您是${orgs}登记的唯一${duties['legal-representative']}，删除后没有人能代表它。请先向市场监管部门办理变更登记，并请平台管理员登记新的${duties['legal-representative']}，再来删除`
}

/** What is deleted at once, and what stays and why: shown before the decision, true of `eraseMyself`. */
export const deletedAtOnce = ['手机号和电子邮箱', '登录用户名和口令', '所有设备上的登录', '您作出的全部同意'] as const
export const endedAtOnce = ['您在各单位的授权', '您为企业代办的授权'] as const
export const stays = [
  {
    what: '操作记录里的姓名和编号（谁在什么时候办了什么）',
    why: '交易信息自完成之日起至少保存三年（《电子商务法》第三十一条）；保存期限未届满的，只存储，不再作其他处理（《个人信息保护法》第四十七条第二款）',
  },
  {
    what: '您经手的检定、校准记录和证书、申请材料上的姓名',
    why: '属于单位的业务档案，由单位依法保存；检验检测的原始记录和报告至少保存六年（《检验检测机构监督管理办法》）',
  },
] as const
