/** The part of a query string that says which instruments are meant. Pure. */

/** Everything that `readRegister` reads. */
const registerParams = new Set(['q', 'state', 'place', 'kind', 'mandatory', 'stage', 'institution', 'keeper', 'range', 'ids'])

/** Name and value of what chooses instruments, to be carried along by a form or a link. */
export const scopeOf = (params: URLSearchParams): [string, string][] =>
  [...params].filter(([name, value]) => registerParams.has(name) && value !== '')
