/** What the connectors of PostgreSQL, source and destination, have in common. */
export { connectorErrors, fieldOf, type Verdict } from './errors.js'
export { dotted, identifier, literal, qualified } from './identifiers.js'
export { durationMs, login } from './login.js'
