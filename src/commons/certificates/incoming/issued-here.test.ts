import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { orThrow, refusalOf } from '../../../core/test-refusal.ts'
import type { Database } from '../../../platform/db.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { historyOf } from '../../instruments/index.server.ts'
import { stageOf, type Stage } from '../../people/test-stage.server.ts'
import { withdrawCertificate } from '../change.server.ts'
import { correctedDraft } from '../correct.ts'
import { issueCertificate } from '../issue.server.ts'
import { receiveCertificate, registerIssued } from './receive.server.ts'
import { incomingOf, came, now, type Incoming } from './test-incoming.server.ts'

let database: Database
let stage: Stage
let incoming: Incoming
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  stage = stageOf(database)
  incoming = incomingOf(stage)
})
afterAll(async () => {
  await database.close()
  incoming.close()
})

describe('本平台机构出具的证书', () => {
  it('原始文件（PDF、XML）直接记入；撤销的、改动的、出具给别人的不收', async () => {
    const { ctx, id, org, content } = await incoming.firm()
    const lab = await stage.organisation('检测院', '330100', 'metrology-institution')
    const approver = (await stage.seat(lab, '批准', 'staff' as never, { role: 'approver', scope: [] })).actor
    const second = (await stage.seat(lab, '二批', 'staff' as never, { role: 'approver', scope: [] })).actor
    const draft = correctedDraft({ ...content, institution: { ...content.institution, name: lab.name } }, {}, approver.name)
    const certificate = orThrow(
      await issueCertificate(stage.as(approver, now), { draft, org: { province: '33', id: org.id, region: org.region } }),
    )
    const bytesOf = async (file: string) =>
      Buffer.concat(
        (await database.db.selectFrom('file_chunks').select('data').where('file_id', '=', file).orderBy('n').execute()).map(
          ({ data }) => data,
        ),
      )
    const [paper, digital] = [await bytesOf(certificate.pdf_file_id), await bytesOf(certificate.xml_file_id)]
    const other = await incoming.firm()
    expect(refusalOf(await receiveCertificate(other.ctx, { name: 'a.pdf', bytes: paper })).code).toBe('OTHER_CLIENT')
    const changed = Buffer.concat([digital, Buffer.from('\n')])
    expect(refusalOf(await receiveCertificate(ctx, { name: 'a.xml', bytes: changed })).code).toBe('CERTIFICATE_ALTERED')
    expect(refusalOf(await receiveCertificate(ctx, { name: 'a.pdf', bytes: Buffer.concat([paper, Buffer.from('\n%%EOF')]) })).code).toBe(
      'CERTIFICATE_ALTERED',
    )
    expect(came(await receiveCertificate(ctx, { name: 'a.pdf', bytes: paper }))).toMatchObject({ state: 'recorded', standing: 'verified' })
    expect((await historyOf(ctx, id))[0]).toMatchObject({ certificate_no: certificate.number, results: { k: '2' } })
    // 一键记入和上传文件是同一条路，不会记两次。
    expect(refusalOf(await registerIssued(ctx, certificate)).code).toBe('CERTIFICATE_ON_RECORD')
    expect(refusalOf(await registerIssued(other.ctx, certificate)).kind).toBe('missing')
    const asked = orThrow(
      await withdrawCertificate(stage.as(approver, now), certificate.id, { step: 'ask-withdrawal', version: 1, opinion: '标准器失准' }),
    )
    orThrow(await withdrawCertificate(stage.as(second, now), certificate.id, { step: 'withdraw', version: asked.version, opinion: '' }))
    expect(refusalOf(await receiveCertificate(ctx, { name: 'a.xml', bytes: digital }))).toMatchObject({
      code: 'CERTIFICATE_WITHDRAWN',
      reason: expect.stringContaining('标准器失准'),
    })
  })
})
