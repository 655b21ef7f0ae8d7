/** Article 一 for others: words, types and the step table. Safe for the browser. */
export { applicationStates, declineReasons, servicePromise, type Application, type ApplicationState } from './model.ts'
export { workflow, readers, type ApplicationStep } from './workflow.ts'
