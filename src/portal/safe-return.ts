/** Where to go after signing in: only a path of this site, never another host. */
export const safeReturn = (to: unknown): string => {
  const path = typeof to === 'string' ? to : ''
  return /^\/(?![/\\])/.test(path) ? path : '/desk'
}
