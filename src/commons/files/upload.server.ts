/** A form with a file in it, read no further than it may be long. */
import { refuse, type Refusal } from '../../core/refusal.ts'
import { sayBytes } from './model.ts'

/** What the other fields and the boundaries of a multipart form may add. */
const around = 200_000

/**
 * The form, or a refusal when it is longer than a file of `maxBytes` can make it. What the sender says of the length saves reading it;
 * what arrives is counted all the same.
 */
export async function readForm(request: Request, maxBytes: number): Promise<FormData | Refusal> {
  const most = maxBytes + around
  const tooLarge = () => {
    const reason = `文件超过 ${sayBytes(maxBytes)}，请压缩或拆分后再上传`
    return refuse('invalid', `${reason}。`, { code: 'FILE_TOO_LARGE', fields: { file: reason } })
  }
  if (Number(request.headers.get('content-length') ?? 0) > most) return tooLarge()
  try {
    const body = await readBody(request.body, most)
    if (!body) return tooLarge()
    return await new Response(body, { headers: { 'content-type': request.headers.get('content-type') ?? '' } }).formData()
  } catch {
    return refuse('invalid', '提交的内容没有传完整，请再试一次。')
  }
}

/** All of a body, or undefined as soon as it is longer than `most`. What is left is not read: the server drops it with the answer. */
async function readBody(body: ReadableStream<Uint8Array> | null, most: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = body?.getReader()
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    size += next.value.length
    if (size > most) return undefined
    chunks.push(next.value)
  }
  return Buffer.concat(chunks)
}

/** A file field that was filled in; browsers send an empty file for one that was not. */
export const fileIn = (form: FormData, name: string): File | undefined => {
  const value = form.get(name)
  return value instanceof File && (value.size > 0 || value.name !== '') ? value : undefined
}

/** All files of a field; none where it was left empty. */
export const filesIn = (form: FormData, name: string): File[] =>
  form.getAll(name).filter((value) => value instanceof File && (value.size > 0 || value.name !== '')) as File[]
