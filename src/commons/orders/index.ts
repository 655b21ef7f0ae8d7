/** Orders for everybody: words, types and pure reckoning. Safe for the browser. */
export * from './model.ts'
export { lineWorkflow, readers, workflow, type LineStep, type OrderStep } from './workflow.ts'
export { quoteExtras, quoteLine, type Quoted, type QuotedExtra, type Wanted } from './prices/pricing.ts'
export { orderForm, type OrderForm, type OrderFormLine } from './schema.ts'
export { orderMenu as menu } from './menu.ts'
