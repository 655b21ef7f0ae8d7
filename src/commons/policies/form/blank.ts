/** A policy that says nothing yet. */
import type { PolicyContent } from '../model.ts'

/** `region`: the author's own territory. */
export const blankContent = (region: string, regionName: string): PolicyContent => ({
  slug: '',
  title: '',
  docNumber: null,
  issuer: '',
  level: region === '000000' ? 'national' : region.endsWith('0000') ? 'province' : region.endsWith('00') ? 'city' : 'county',
  regionCode: region,
  regionName,
  publishedOn: null,
  effectiveFrom: null,
  effectiveTo: null,
  topic: 'fee-relief',
  force: 'entitlement',
  confidence: 'high',
  historical: false,
  source: { url: null, date: null, kind: 'official-text', trust: null, readExtent: null, ref: null },
  notes: null,
  card: { oneLine: '', who: '', gives: '', how: '', until: '', basis: '' },
  clauses: [],
  rule: { op: 'all', of: [] },
  benefits: [],
  requiresApplication: false,
  steps: [],
  documents: [],
  successor: null,
  overrides: [],
  interpretation: { questions: [], example: '', notFor: [] },
})
