/** An interpretation says it in other words: a text pasted from the document helps nobody who could not read the document. */
import type { PolicyContent } from './model.ts'

/** Characters of one passage; eight in a row are seldom shared by accident in Chinese. */
const shingle = 8
/** Share of a text's passages that may also stand in the clauses: names and document numbers are always repeated. */
export const mostShared = 0.3

const passages = (text: string): string[] => {
  const plain = [...text.normalize('NFKC').replace(/[\s\p{P}]/gu, '')]
  return Array.from({ length: Math.max(0, plain.length - shingle + 1) }, (_, i) => plain.slice(i, i + shingle).join(''))
}

/** Share (0–1) of the passages of `text` that stand in `source`; a text shorter than one passage shares nothing. */
export function overlap(text: string, source: string): number {
  const own = passages(text)
  if (own.length === 0) return 0
  const there = new Set(passages(source))
  return own.filter((passage) => there.has(passage)).length / own.length
}

/** The parts of the interpretation that repeat the clauses, each with a sentence that says so. */
export function copiedPassages({
  clauses,
  interpretation,
}: Pick<PolicyContent, 'clauses' | 'interpretation'>): { field: string; sentence: string }[] {
  const source = clauses.map(({ text }) => text).join('\n')
  const parts: [field: string, name: string, text: string][] = [
    ...interpretation.questions.map(({ a }, i): [string, string, string] => [
      `interpretation.questions.${i}.a`,
      `解读第 ${i + 1} 个回答`,
      a,
    ]),
    ['interpretation.example', '解读的算例', interpretation.example],
    ...interpretation.notFor.map((text, i): [string, string, string] => [`interpretation.notFor.${i}`, `“不适用于”第 ${i + 1} 条`, text]),
  ]
  return parts.flatMap(([field, name, text]) => {
    const share = overlap(text, source)
    return share > mostShared
      ? [{ field, sentence: `${name}有 ${Math.round(share * 100)}% 与条款原文相同（最多 ${mostShared * 100}%），请换成企业听得懂的话` }]
      : []
  })
}
