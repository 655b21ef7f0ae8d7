/**
 * Photographs without what phones write into them besides the picture: place, time, owner, thumbnails, short films.
 * Segments and chunks are left out, nothing is decoded or compressed again. Pure.
 */

/** The picture alone, or undefined when it is no JPEG, PNG or WebP, or is broken. */
export function withoutMetadata(bytes: Uint8Array): Uint8Array | undefined {
  try {
    if (starts(bytes, [0xff, 0xd8])) return jpeg(bytes)
    if (starts(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return png(bytes)
    return text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 4) === 'WEBP' ? webp(bytes) : undefined
  } catch (error) {
    // Reading behind the end: the file was cut.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

const starts = (bytes: Uint8Array, signature: readonly number[]) => signature.every((byte, i) => bytes[i] === byte)
const text = (bytes: Uint8Array, at: number, length: number) => String.fromCharCode(...bytes.subarray(at, at + length))
const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const join = (parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

const SOS = 0xda
const EOI = 0xd9

/** ITU-T T.81 Annex B. Kept of the application segments: JFIF (0), the colour profile (2) and Adobe's colour transform (14). */
function jpeg(bytes: Uint8Array): Uint8Array | undefined {
  const view = viewOf(bytes)
  const parts: Uint8Array[] = [bytes.subarray(0, 2)]
  let orientation = 1
  let scanned = false
  for (let at = 2; ;) {
    if (view.getUint8(at) !== 0xff) return undefined
    const marker = view.getUint8(at + 1)
    // Any number of fill bytes may stand before a marker.
    if (marker === 0xff) {
      at++
      continue
    }
    if (marker === EOI) {
      parts.push(bytes.subarray(at, at + 2))
      break
    }
    const end = at + 2 + view.getUint16(at + 2)
    if (end > bytes.length) return undefined
    const segment = bytes.subarray(at, end)
    if (marker === 0xe1) orientation = orientationOf(segment) ?? orientation
    const application = (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe
    const needed = marker === 0xe0 || marker === 0xee || (marker === 0xe2 && text(segment, 4, 11) === 'ICC_PROFILE')
    if (!application || needed) parts.push(segment)
    at = end
    if (marker !== SOS) continue
    scanned = true
    at = endOfScan(view, end)
    parts.push(bytes.subarray(end, at))
  }
  if (!scanned) return undefined
  // Without it a photograph taken upright would lie on its side.
  if (orientation !== 1) parts.splice(1, 0, orientationSegment(orientation))
  return join(parts)
}

/** Entropy-coded data go on to the next marker; a stuffed zero and restart markers belong to them. */
function endOfScan(view: DataView, from: number): number {
  for (let at = from; ; at++) {
    if (view.getUint8(at) !== 0xff) continue
    const next = view.getUint8(at + 1)
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at
  }
}

/** Tag 0x0112 of the first directory (Exif 2.3, 4.6.4 A), 2 to 8 where the picture has to be turned. */
function orientationOf(segment: Uint8Array): number | undefined {
  if (text(segment, 4, 6) !== 'Exif\0\0') return undefined
  const tiff = viewOf(segment.subarray(10))
  try {
    const little = tiff.getUint16(0) === 0x4949
    const directory = tiff.getUint32(4, little)
    for (let i = 0; i < tiff.getUint16(directory, little); i++) {
      const entry = directory + 2 + 12 * i
      if (tiff.getUint16(entry, little) !== 0x0112) continue
      const value = tiff.getUint16(entry + 8, little)
      return value >= 1 && value <= 8 ? value : undefined
    }
  } catch (error) {
    // A directory that points behind its segment says nothing; the picture may still be whole.
    if (!(error instanceof RangeError)) throw error
  }
  return undefined
}

/** An Exif segment that says nothing but how the picture is turned: marker and length, `Exif`, TIFF header, one entry, no next directory. */
const orientationSegment = (orientation: number): Uint8Array => {
  const hex = 'ffe10022457869660000' + '4d4d002a00000008' + '0001011200030000000100000000' + '00000000'
  const segment = Uint8Array.from(hex.match(/../g)!, (pair) => Number.parseInt(pair, 16))
  segment[29] = orientation
  return segment
}

/** Of the chunks that a reader may leave out, those that say how the picture looks (PNG 11.3). */
const looks = new Set(['tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'sBIT', 'bKGD', 'pHYs', 'cICP'])

function png(bytes: Uint8Array): Uint8Array | undefined {
  const view = viewOf(bytes)
  const parts: Uint8Array[] = [bytes.subarray(0, 8)]
  for (let at = 8; ;) {
    const end = at + 12 + view.getUint32(at)
    if (end > bytes.length) return undefined
    const name = text(bytes, at + 4, 4)
    // A capital first letter: the picture cannot be shown without it.
    if (/^[A-Z]/.test(name) || looks.has(name)) parts.push(bytes.subarray(at, end))
    if (name === 'IEND') return join(parts)
    at = end
  }
}

const picture = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP'])

/** RFC 9649. The flags of the extended header say that Exif (8) and XMP (4) follow. */
function webp(bytes: Uint8Array): Uint8Array | undefined {
  const view = viewOf(bytes)
  const end = 8 + view.getUint32(4, true)
  if (end > bytes.length) return undefined
  const parts: Uint8Array[] = [bytes.slice(0, 12)]
  let at = 12
  while (at + 8 <= end) {
    const size = view.getUint32(at + 4, true)
    const next = at + 8 + size + (size % 2)
    if (at + 8 + size > end) return undefined
    const name = text(bytes, at, 4)
    const chunk = bytes.slice(at, Math.min(next, end))
    if (name === 'VP8X') chunk[8]! &= ~0x0c
    if (picture.has(name)) parts.push(chunk)
    at = next
  }
  if (parts.length < 2) return undefined
  const whole = join(parts)
  viewOf(whole).setUint32(4, whole.length - 8, true)
  return whole
}
