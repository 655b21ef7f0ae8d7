/** Answers about all enterprises at once, for commons and measures; rows, engine and metrics for the assembly. */
export { candidatesFor, countEnterprises, enterprisesIn, firstEnterprises, type Candidates } from './answers.server.ts'
export { matchingMetrics, startMatching } from './process.server.ts'
export { fillRows, listeners } from './rows.server.ts'
