/** React Router's server entry: renders a page to HTML, and hands the launcher its `start`. */
import { renderToPipeableStream } from 'react-dom/server'
import { PassThrough } from 'node:stream'
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
        const body = new PassThrough()
        headers.set('content-type', 'text/html; charset=utf-8')
        resolve(new Response(createReadableStreamFromReadable(body), { headers, status }))
        pipe(body)
      },
      onShellError: reject,
    })
    setTimeout(abort, streamTimeout + 1000).unref()
  })
}
