/** The three tours of the first page, and who may be entered with one click in demo mode. */
import type { Role } from '../core/access.ts'

export interface DemoPerson {
  login: string
  name: string
  role: Role
  /** Key of the organisation in `world.ts`. */
  org: string
  duty: 'legal-representative' | 'manager' | 'clerk' | 'staff'
  /** What this person sees first, in one line. */
  about: string
  /** Signed in and known, but nobody has given them a seat yet. */
  unseated?: boolean
  /** The delegation ended this many days ago. */
  expiredDays?: number
}

export interface Tour {
  title: string
  steps: string[]
  action: string
  login: string
  to: string
}

export const tours: Tour[] = [
  {
    title: '我是工厂的质量主管',
    steps: ['看本周哪些器具到期、怎么送最省事', '导入自己的台账，改好有问题的行', '看现在适用的政策和依据条款'],
    action: '以企业身份进入',
    login: 'demo-enterprise',
    to: '/desk',
  },
  {
    title: '我在计量技术机构工作',
    steps: ['受理委托单，减免由平台按政策算好', '打印样品接收单，扫码看每件样品', '看收费目录和政策原文，向客户说明'],
    action: '以机构窗口身份进入',
    login: 'demo-counter',
    to: '/desk',
  },
  {
    title: '我是市场监管人员',
    steps: ['起草政策，规则旁边就是中文句子', '试算：本辖区多少家适用，差在哪里', '看哪里的企业已知晓、已申请'],
    action: '以监管身份进入',
    login: 'demo-province',
    to: '/desk',
  },
]
