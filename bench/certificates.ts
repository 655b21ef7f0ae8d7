/**
 * Certificates a second from content to signed PDF and signed digital certificate, against bare pdfkit writing the same pages alone: the calls
 * that the drawing makes on its document are recorded once and repeated on an empty one, the same words at the same places, without what our
 * drawing measures and decides. Rounds alternate, so that both meet the same machine. `node bench/certificates.ts [count]`
 */
import PDFDocument from 'pdfkit'
import { signDcc } from '../src/commons/certificates/dcc/sign.server.ts'
import { writeDcc } from '../src/commons/certificates/dcc/write.ts'
import { signPdf } from '../src/commons/certificates/pades/sign.server.ts'
import { drawCertificate } from '../src/commons/certificates/pdf.server.ts'
import { contentProblem } from '../src/commons/certificates/problem.ts'
import { calibrated, failed, passed } from '../src/commons/certificates/samples.ts'
import { fingerprintOf, makeKey } from '../src/commons/certificates/x509.server.ts'
import { newPdf } from '../src/platform/pdf.server.ts'

/** What puts something on a page, or says how. Measuring (`widthOfString`) is left out: the sizes are known when it is repeated. */
const drawing = [
  'addPage',
  'switchToPage',
  'save',
  'restore',
  'translate',
  'scale',
  'rotate',
  'addContent',
  'fontSize',
  'text',
  'fillColor',
  'strokeColor',
  'lineWidth',
  'moveTo',
  'lineTo',
  'rect',
  'roundedRect',
  'circle',
  'polygon',
  'fill',
  'stroke',
] as const
type Call = readonly [(typeof drawing)[number], unknown[]]

/** The calls of one drawing, from the outside: those that pdfkit makes within itself are not repeated. */
async function callsOf(draw: () => Promise<unknown>): Promise<Call[]> {
  const calls: Call[] = []
  const methods = PDFDocument.prototype as unknown as Record<string, (...args: unknown[]) => unknown>
  const before = Object.fromEntries(drawing.map((name) => [name, methods[name]!]))
  let depth = 0
  for (const name of drawing)
    methods[name] = function (this: unknown, ...args) {
      if (depth === 0) calls.push([name, structuredClone(args)])
      depth++
      try {
        return before[name]!.apply(this, args)
      } finally {
        depth--
      }
    }
  await draw()
  Object.assign(methods, before)
  return calls
}

async function repeat(calls: readonly Call[]): Promise<number> {
  const pdf = newPdf({ title: 'certificate', now: '2026-11-24T00:00:00+08:00', numbered: true })
  for (const [name, args] of calls) (pdf as unknown as Record<string, (...args: unknown[]) => unknown>)[name]!(...args)
  pdf.end()
  let bytes = 0
  for await (const piece of pdf as unknown as AsyncIterable<Buffer>) bytes += piece.length
  return bytes
}

const count = Number(process.argv[2] ?? 30)
const key = makeKey({ owner: passed.institution.name, notBefore: '2026-11-01T00:00:00.000Z' })
const mark = {
  checkUrl: 'https://example.org/check/abcdefghijklmnopqrstuv',
  code: '7K3F-9QXA',
  signedBy: passed.people.approver,
  signedAt: '2026-11-24T02:00:00.000Z',
  fingerprint: fingerprintOf(key.certificate),
  digest: 'cd'.repeat(32),
}
const contents = Array.from({ length: count }, (_, i) => ({
  ...[passed, failed, calibrated][i % 3]!,
  number: `JD2026-${String(i).padStart(6, '0')}`,
}))

const spent = { whole: 0, drawing: 0, bare: 0 }
const timed = async (part: keyof typeof spent, run: () => Promise<unknown>) => {
  const from = performance.now()
  await run()
  spent[part] += performance.now() - from
}
await signPdf(await drawCertificate(passed, mark), key)
let [ours, bare] = [0, 0]
for (const content of contents) {
  const calls = await callsOf(() => drawCertificate(content, mark))
  await timed('whole', async () => {
    if (contentProblem(content)) throw new Error('a sample may not be issued')
    ours += (await signPdf(await drawCertificate(content, mark), key)).length
    signDcc(writeDcc(content), key)
  })
  // pdfkit writes defaults into the options that it is given.
  const fresh = structuredClone(calls)
  await timed('bare', async () => (bare += await repeat(fresh)))
  await timed('drawing', () => drawCertificate(content, mark))
}
const rate = (ms: number) => ((count * 1_000) / ms).toFixed(2)
const size = (bytes: number) => `${Math.round(bytes / count / 1_000)} kB`
console.log(`${count} certificates (3 kinds in turn)`)
console.log(`content → signed PDF + signed DCC: ${rate(spent.whole)} /s (PDF ${size(ours)})`)
console.log(`our drawing alone:                 ${rate(spent.drawing)} /s`)
console.log(`bare pdfkit, the same calls:       ${rate(spent.bare)} /s (PDF ${size(bare)})`)
console.log(`time against bare pdfkit: ${(spent.whole / spent.bare).toFixed(3)}`)
