/** Where answers about many enterprises come from. Safe for the browser. */
export { saySource, type Source } from './model.ts'
