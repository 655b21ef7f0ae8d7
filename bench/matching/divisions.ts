/** The 97 divisions of GB/T 4754 with the letter of their section, the commonest first as registers have them: trade, manufacturing, services. */
import industries from '../../src/core/reference/industries.json' with { type: 'json' }

type Section = readonly [letter: string, name: string, divisions: readonly (readonly [digits: string, name: string])[]]

const common = ['F', 'C', 'L', 'H', 'M', 'O', 'E', 'I', 'A', 'G']
const weight = (code: string): number => (common.includes(code[0]!) ? common.indexOf(code[0]!) : common.length)

export const industryDivisions: readonly string[] = (industries.rows as unknown as readonly Section[])
  .flatMap(([letter, , divisions]) => divisions.map(([digits]) => `${letter}${digits}`))
  .toSorted((a, b) => weight(a) - weight(b) || (a < b ? -1 : 1))
