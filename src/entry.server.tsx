/** React Router's server entry: renders a page to HTML, and hands the launcher its `start`. */
import { renderToPipeableStream } from 'react-dom/server'
import { Transform } from 'node:stream'
import { createReadableStreamFromReadable } from '@react-router/node'
import { ServerRouter, type EntryContext, type RouterContextProvider } from 'react-router'
import { isbot } from 'isbot'
import { nonceKey } from './platform/context.server.ts'

export { start } from './app.server.ts'
export const streamTimeout = 10_000

export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  entry: EntryContext,
  context: RouterContextProvider,
) {
  const nonce = context.get(nonceKey)
  return new Promise<Response>((resolve, reject) => {
    // Robots, print and readers without scripts get the whole page at once.
    const ready = isbot(request.headers.get('user-agent') ?? '') ? 'onAllReady' : 'onShellReady'
    const { pipe, abort } = renderToPipeableStream(<ServerRouter context={entry} url={request.url} nonce={nonce} />, {
      nonce,
      [ready]() {
        const body = scriptsLast()
        headers.set('content-type', 'text/html; charset=utf-8')
        resolve(new Response(createReadableStreamFromReadable(body), { headers, status }))
        pipe(body)
      },
      onShellError: reject,
    })
    setTimeout(abort, streamTimeout + 1000).unref()
  })
}

/**
 * A page is read before it is alive: its styles come first, where the browser would fetch a dozen scripts before them. The router has no
 * way to say so, so the links are marked on their way out. Byte by byte, because a chunk may end within a letter; only the head is held.
 */
function scriptsLast(): Transform {
  let head: Buffer | undefined = Buffer.alloc(0)
  const marked = (): string =>
    head!.toString('latin1').replaceAll('<link rel="modulepreload"', '<link rel="modulepreload" fetchpriority="low"')
  return new Transform({
    transform(chunk: Buffer, _, done) {
      if (head === undefined) return done(null, chunk)
      head = Buffer.concat([head, chunk])
      if (!head.includes('</head>')) return done()
      const out = Buffer.from(marked(), 'latin1')
      head = undefined
      done(null, out)
    },
    flush: (done) => done(null, head && Buffer.from(marked(), 'latin1')),
  })
}
