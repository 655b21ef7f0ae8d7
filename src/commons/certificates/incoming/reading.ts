/** What a digital certificate says that the ledger keeps. Pure. */
import type { CheckKind, Conclusion } from '../../instruments/index.ts'
import { certificateKinds } from '../content.ts'
import type { DigitalCertificate } from '../dcc/model.ts'
import type { Reading } from './model.ts'
import { pointsOf } from './points.ts'

/** `known`: units of the instrument, where it is known already. */
export function readingOf(digital: DigitalCertificate, known: readonly string[] = []): Reading {
  const named = (issuers: readonly string[]) =>
    digital.item.identifications.filter(({ issuer, value }) => issuers.includes(issuer) && value !== '').map(({ value }) => value)
  // One certificate for several things: which numbers belong to which, a person must see.
  const others = digital.item.about.find((text) => /^另有 \d+ 件$/.test(text))
  const { results, notes } = others
    ? { results: null, notes: [`证书里写了几件器具（${others}），数据没有读入，请对照证书填写。`] }
    : pointsOf(digital.results, known)
  return {
    number: digital.identifier,
    institution: digital.laboratory.name,
    customer: digital.customer.name,
    item: {
      name: digital.item.name,
      model: digital.item.model ?? null,
      serials: named(['manufacturer']),
      codes: named(['customer', 'owner']),
    },
    ...verdictOf(digital),
    doneOn: digital.performed,
    validUntil: digital.statements.find(({ refType }) => refType === 'hengqi_validUntil')?.date ?? null,
    replaces: digital.replaces ?? null,
    results,
    notes,
  }
}

/** A DCC is a calibration, which decides nothing (JJF 1071), unless it says that it is a verification and how that ended. */
function verdictOf({ statements }: DigitalCertificate): { kind: CheckKind; conclusion: Conclusion } {
  const said = (refType: string) => statements.find((each) => each.refType === refType)
  const kind = said('hengqi_kind')?.texts[0]
  const verdict = said('hengqi_conclusion')?.conformity
  const verified = kind === certificateKinds.verification || kind === certificateKinds['verification-failure']
  return verified && (verdict === 'pass' || verdict === 'fail')
    ? { kind: 'verification', conclusion: verdict }
    : { kind: 'calibration', conclusion: 'none' }
}

/** Fictional numbers of a demonstration, which no real ledger takes. */
export const isDemo = ({ statements }: DigitalCertificate): boolean => statements.some(({ refType }) => refType === 'hengqi_demo')
