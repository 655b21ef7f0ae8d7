import { Form, Link } from 'react-router'
import { ctxKey } from '../../platform/context.server.ts'
import { Stat } from '../../web/ui/feedback.tsx'
import { environmentKey } from '../environment.server.ts'
import { figures } from '../figures.server.ts'
import { tours } from '../../demo/tours.ts'
import type { Route } from './+types/home.ts'
import styles from './home.module.css'

export const meta = () => [
  { title: '衡企：中小企业计量服务公共平台' },
  { name: 'description', content: '看得懂、用得上的计量惠企政策：哪些现在适用、还差什么、依据哪一条、怎么办理。' },
]

export async function loader({ context }: Route.LoaderArgs) {
  return { figures: await figures(context.get(ctxKey)), demo: context.get(environmentKey).config.demo }
}

export default function Home({ loaderData: { figures, demo } }: Route.ComponentProps) {
  return (
    <div className={styles.home}>
      <section className={styles.hero}>
        <h1>计量惠企政策，替您一条一条对过</h1>
        <p>说清三件事：哪些政策现在就适用，还差哪一项就能确定，不适用是因为哪一条。</p>
        <p>每个结论都写明文号和条款；没有查实的，标明“待核实”，不替您做主。</p>
        <p>从市监计量发〔2022〕51号的九条措施做起，每件事都有经办人、有期限、有结果。</p>
        <Form action="/policies" className={styles.search} role="search">
          <label htmlFor="home-q">找政策</label>
          <div>
            <input id="home-q" name="q" type="search" placeholder="例如：校准 减半、强制检定、杭州" autoComplete="off" />
            <button type="submit">查找</button>
          </div>
        </Form>
      </section>
      <section aria-labelledby="figures" className={styles.figures}>
        <h2 id="figures">{demo ? '演示环境此刻的数字' : '平台此刻的数字'}</h2>
        <div>
          {figures.map((figure) => (
            <Stat key={figure.label} {...figure} />
          ))}
        </div>
      </section>
      {demo && (
        <section aria-labelledby="tours">
          <h2 id="tours">第一次来？选一条路走走看</h2>
          <ul className={styles.tours}>
            {tours.map((tour) => (
              <li key={tour.login}>
                <h3>{tour.title}</h3>
                <ol>
                  {tour.steps.map((step) => (
                    <li key={step}>{step}</li>
                  ))}
                </ol>
                <Form method="post" action="/demo">
                  <input type="hidden" name="to" value={tour.to} />
                  <button type="submit" name="login" value={tour.login}>
                    {tour.action}
                  </button>
                </Form>
              </li>
            ))}
          </ul>
          <p>
            <Link to="/demo">看全部演示身份</Link>
          </p>
        </section>
      )}
    </div>
  )
}
