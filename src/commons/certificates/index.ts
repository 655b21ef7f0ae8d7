/** Certificates for everybody: what one says, its words, and why it may not be issued. Safe for the browser. */
export * from './content.ts'
export { contentProblem } from './problem.ts'
export { conclusionLabels, conclusionOf, failedItems, notesOf } from './wording.ts'
export {
  certificateNumber,
  certificateStates,
  certificateTones,
  verdictsOfCheck,
  type Certificate,
  type CertificateState,
} from './model.ts'
export { readers, workflow, type CertificateStep } from './workflow.ts'
export { readers as incomingReaders, workflow as incomingWorkflow } from './incoming/workflow.ts'
export { readers as keyReaders, workflow as keyWorkflow } from './keys/workflow.ts'
export { certificateMenu as menu } from './menu.ts'
export type { DigitalCertificate } from './dcc/model.ts'
