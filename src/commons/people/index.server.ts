/** People for other folders: who is who, what is known, and the commands. */
export { operations } from './api.server.ts'
export { menu } from './index.ts'
export {
  createOrganisation,
  createPerson,
  delegate,
  endMembership,
  grantMembership,
  recordFact,
  recordFacts,
  renewMembership,
  type FactInput,
  type GrantInput,
} from './commands.server.ts'
export { derive } from './profile-rules.ts'
export {
  actorsOf,
  findOrganisation,
  findPerson,
  listMemberships,
  listOrganisations,
  listProfilesForMatching,
  missingScope,
  profileOf,
  type Seat,
} from './queries.server.ts'
