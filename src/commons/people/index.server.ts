/** People for other folders: who is who, what is known, and the commands. */
import { operations as agencies } from './agencies/api.server.ts'
import { operations as people } from './api.server.ts'
import { operations as personal } from './personal/api.server.ts'

export const operations = [...people, ...agencies, ...personal]
export { desk } from './desk.server.ts'
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
export { derive, profileFrom as profileAsRecorded } from './profile-rules.ts'
export {
  findOrganisation,
  listEnterpriseIds,
  listMemberships,
  listOrganisations,
  listProfilesForMatching,
  profileOf,
  profilesForMatching,
} from './queries.server.ts'
export { askForRenewal, expiredDelegations } from './renewal.server.ts'
export { missingScope } from './scope.server.ts'
export { actorsOf, findPerson, standpointOf, type Seat, type Standpoint } from './seats.server.ts'
export { consentToAgency, renewAgency, resignAgency, revokeAgency, type ConsentInput } from './agencies/commands.server.ts'
export { listAgencies } from './agencies/queries.server.ts'
export { correctMyself, eraseMyself, setConsent } from './personal/commands.server.ts'
export { consentOf, contactsOf } from './personal/contacts.server.ts'
