/** The signature inside the PDF (ISO 32000-1, 12.8): a place for it is drawn, the rest of the file is signed, the place is filled. */
import { SignPdf } from '@signpdf/signpdf'
import { Signer, SUBFILTER_ETSI_CADES_DETACHED } from '@signpdf/utils'
import type { Pdf } from '../../../platform/pdf.server.ts'
import { digestOf, suiteOf } from '../keys/suites.server.ts'
import type { KeyPair } from '../x509.server.ts'
import { attributesToSign, writeCms } from './cms.server.ts'

/** Bytes that are kept free: a CMS object with one certificate in a long Chinese name needs about 900. */
const room = 2_048
/** As `@signpdf` looks for it; wide enough for files up to 10 GB. */
const open = '**********'

interface Form {
  data: { Fields: unknown[]; SigFlags?: number; NeedAppearances?: boolean | undefined }
}
interface Inside {
  _root: { data: { AcroForm: Form } }
}

/** An invisible field with an empty signature on the current page. `at`: ISO instant that the institution states; nobody else attests it. */
export function drawPlace(pdf: Pdf, { by, reason, at }: { by: string; reason: string; at: string }): void {
  const text = (value: string) => new String(value)
  const signature = pdf.ref({
    Type: 'Sig',
    Filter: 'Adobe.PPKLite',
    SubFilter: SUBFILTER_ETSI_CADES_DETACHED,
    ByteRange: [0, open, open, open],
    Contents: Buffer.alloc(room),
    Name: text(by),
    Reason: text(reason),
    M: new Date(at),
  })
  const page = (pdf.page as unknown as { dictionary: { data: { Annots?: unknown[] } } }).dictionary
  const widget = pdf.ref({
    Type: 'Annot',
    Subtype: 'Widget',
    FT: 'Sig',
    T: text('signature'),
    Rect: [0, 0, 0, 0],
    // Printed, locked.
    F: 132,
    V: signature,
    P: page,
  })
  pdf.initForm()
  const { data } = (pdf as unknown as Inside)._root.data.AcroForm
  data.Fields.push(widget)
  // Signatures exist; only to be added to, never rewritten.
  data.SigFlags = 3
  // A reader would redraw the form and so change the file.
  data.NeedAppearances = undefined
  page.data.Annots = [...(page.data.Annots ?? []), widget]
  for (const made of [signature, widget]) (made as unknown as { end: () => void }).end()
}

class InstitutionSigner extends Signer {
  readonly #key: KeyPair
  constructor(key: KeyPair) {
    super()
    this.#key = key
  }
  override sign(covered: Buffer): Promise<Buffer> {
    const { privateKey, certificate } = this.#key
    const suite = suiteOf(certificate)!
    const digest = digestOf(suite, covered)
    const signature = suite.sign(attributesToSign(certificate, digest), privateKey, 'der')
    return Promise.resolve(writeCms({ certificate, digest, signature }))
  }
}

/** Fills the place that `drawPlace` left. The length of the file stays. */
export const signPdf = (pdf: Uint8Array, key: KeyPair): Promise<Buffer> => new SignPdf().sign(Buffer.from(pdf), new InstitutionSigner(key))
