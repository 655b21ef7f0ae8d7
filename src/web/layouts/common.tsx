import { Form, useNavigation } from 'react-router'
import type { Shell } from '../shell.ts'

export function Progress() {
  return useNavigation().state === 'idle' ? null : <div className="progress" role="progressbar" aria-label="正在加载" />
}

export function Preferences({ shell }: { shell: Shell }) {
  const dark = shell.scheme === 'dark'
  return (
    <Form method="post" action="/preferences" className="preferences" aria-label="显示设置" reloadDocument>
      <button type="submit" name="elder" value={shell.elder ? '0' : '1'} aria-pressed={shell.elder}>
        {shell.elder ? '退出大字版' : '大字版'}
      </button>
      <button type="submit" name="scheme" value={dark ? 'light' : 'dark'} aria-pressed={dark}>
        {dark ? '浅色' : '深色'}
      </button>
    </Form>
  )
}

export const DemoBanner = ({ shell }: { shell: Shell }) =>
  shell.demo ? (
    <aside className="demo-banner" aria-label="演示环境">
      演示环境：企业、机构和人员均为虚构，可以放心操作
    </aside>
  ) : null

export const Foot = ({ shell }: { shell: Shell }) => (
  <footer className="foot">
    <div>
      <p>
        依据市监计量发〔2022〕51号《计量服务中小企业纾困解难若干措施》。
        <br />
        政策内容以发文机关原文为准；标“待核实”的内容不作为减免或办理的依据。
      </p>
      <Preferences shell={shell} />
    </div>
  </footer>
)
