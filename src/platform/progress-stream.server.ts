/**
 * Work of some seconds that is worth watching, as one answer that grows: a line of JSON for every step, then one with the answer
 * (`application/x-ndjson`). Whoever goes away or stops the request stops the work. For work that outlives its page see `jobs.server.ts`.
 */

export type ProgressLine<Answer> = { done: number; most: number } | { answer: Answer }

export interface Watched {
  onProgress: (done: number, most: number) => void
  signal: AbortSignal
}

/** `run` must heed the signal: nothing that it gives afterwards is sent. A rejection breaks the answer off. */
export function progressStream<Answer>(request: Pick<Request, 'signal'>, run: (watched: Watched) => Promise<Answer>): Response {
  const gone = new AbortController()
  const signal = AbortSignal.any([request.signal, gone.signal])
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (line: ProgressLine<Answer>) => {
        if (!signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`))
      }
      run({ signal, onProgress: (done, most) => send({ done, most }) }).then(
        (answer) => {
          send({ answer })
          if (!gone.signal.aborted) controller.close()
        },
        (error: unknown) => controller.error(error),
      )
    },
    cancel: () => gone.abort(),
  })
  // A proxy that collects the answer first would show nothing until the end.
  return new Response(body, {
    headers: { 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  })
}
