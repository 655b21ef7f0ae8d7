/**
 * Certificates a second from content to PDF, digital certificate and signature, against the PDF library writing the same pages alone.
 * Rounds alternate, so that both meet the same machine. `node bench/certificates.ts [count]`
 */
import { signDcc } from '../src/commons/certificates/dcc/sign.server.ts'
import { writeDcc } from '../src/commons/certificates/dcc/write.ts'
import { drawCertificate } from '../src/commons/certificates/pdf.server.ts'
import { contentProblem } from '../src/commons/certificates/problem.ts'
import { calibrated, failed, passed } from '../src/commons/certificates/samples.ts'
import { fingerprintOf, makeKey } from '../src/commons/certificates/x509.server.ts'

const count = Number(process.argv[2] ?? 30)
const key = await makeKey({ owner: passed.institution.name, notBefore: '2026-11-01T00:00:00.000Z' })
const mark = {
  checkUrl: 'https://example.org/check/abcdefghijklmnopqrstuv',
  code: '7K3F-9QXA',
  signedBy: passed.people.approver,
  signedAt: '2026-11-24T02:00:00.000Z',
  fingerprint: fingerprintOf(key.certificate),
  digest: 'cd'.repeat(32),
}
const contents = Array.from({ length: count }, (_, i) => ({ ...[passed, failed, calibrated][i % 3]!, number: `JD2026-${String(i).padStart(6, '0')}` }))

const spent = { whole: 0, paper: 0 }
await drawCertificate(passed, mark)
for (const content of contents) {
  let from = performance.now()
  if (contentProblem(content)) throw new Error('a sample may not be issued')
  await drawCertificate(content, mark)
  signDcc(writeDcc(content), key)
  spent.whole += performance.now() - from
  from = performance.now()
  await drawCertificate(content, mark)
  spent.paper += performance.now() - from
}
const rate = (ms: number) => ((count * 1_000) / ms).toFixed(2)
console.log(`${count} certificates (3 kinds in turn)`)
console.log(`content → PDF + DCC + signature: ${rate(spent.whole)} /s`)
console.log(`PDF alone (pdfkit):              ${rate(spent.paper)} /s`)
console.log(`ratio of time: ${(spent.whole / spent.paper).toFixed(3)}`)
