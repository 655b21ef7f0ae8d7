import { data } from 'react-router'
import { topics } from '../../../commons/policies/index.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { channelItems, channelOf, channelTitle, tagOf } from '../feeds.server.ts'
import type { Route } from './+types/embed.ts'
import styles from './policy-push.module.css'

export const meta = ({ loaderData }: Route.MetaArgs) => [{ title: loaderData?.title ?? '衡企政策' }, { name: 'robots', content: 'noindex' }]

/** For frames on other portals: the one page that others may frame, and it asks nothing and knows nobody. */
export const headers = ({ loaderHeaders }: Route.HeadersArgs) => loaderHeaders

export async function loader({ request, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const channel = channelOf(url)
  const items = await channelItems(ctx, channel)
  return data(
    {
      title: channelTitle(channel),
      items: items.map(({ slug, versionId, content }) => ({
        slug,
        versionId,
        title: content.title,
        oneLine: content.card.oneLine,
        topic: topics[content.topic],
        place: content.regionName,
        toVerify: content.confidence !== 'high',
      })),
    },
    { headers: { etag: await tagOf(ctx, request), 'cache-control': 'public, max-age=300' } },
  )
}

export default function Embed({ loaderData: { title, items } }: Route.ComponentProps) {
  return (
    <main style={{ padding: '12px' }}>
      <h1 style={{ fontSize: '1.1em' }}>{title}</h1>
      {items.length === 0 ? (
        <p>目前没有这类政策。</p>
      ) : (
        <ul className={styles.embed}>
          {items.map((item) => (
            <li key={item.slug} data-version={item.versionId}>
              <a href={`/policies/${item.slug}`} target="_blank" rel="noreferrer">
                {item.title}
              </a>
              {item.toVerify && '（待核实）'}
              <small>
                {item.place}，{item.topic}：{item.oneLine}
              </small>
            </li>
          ))}
        </ul>
      )}
    </main>
  )
}
