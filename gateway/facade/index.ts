/** The public door of the facade: REST routes declared as GraphQL operations. */
export { createFacade } from './create-facade.ts';

// what goes in and comes out
export type {
  Facade,
  FacadeExecute,
  FacadeOperation,
  FacadeOptions,
  FacadeRequest,
  FacadeResponse,
  FacadeResult,
  FacadeSettings,
  Json,
  RouteSummary,
} from './contract.ts';

// what a store of answers under idempotency keys implements
export type { ClaimedKey, IdempotencyStore, KeyClaim } from './response/idempotency-store.ts';

// what stops a start
export { FaultsError, formatFault, type Fault, type Range } from '../errors/fault.ts';

/** The facade's directives as SDL, for editors and other tools. */
export { facadeDirectives } from './routes/facade-directives.ts';
