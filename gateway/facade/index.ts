/** The public door of the facade: REST routes declared as GraphQL operations. */
export { buildFacade, createFacade } from './create-facade.ts';

/** Compiled checks of bodies, for facades that follow each other. */
export { createValidators, type CompileValidator } from './routes/body-validator.ts';

// what goes in and comes out
export type {
  ApiInfo,
  CacheHint,
  ClientHeaders,
  DisabledRouteSummary,
  Facade,
  FacadeExecute,
  FacadeOperation,
  FacadeOptions,
  FacadeRequest,
  FacadeResponse,
  FacadeResult,
  FacadeSettings,
  GraphFacts,
  Json,
  RouteSummary,
  RouteUse,
  UpstreamFreshness,
  VersionSummary,
} from './contract.ts';

// what /graphql by GET shares with the routes
export { createOperationCaching, type DescribeCaching, type ReadOperation } from './response/operation-caching.ts';
export { isUnmodified, tagOfContent } from './response/etag.ts';
export { readEntityTags } from './routes/request-headers.ts';

// what a store of answers under idempotency keys implements
export {
  createMemoryStore,
  type ClaimedKey,
  type IdempotencyStore,
  type KeyClaim,
} from './response/idempotency-store.ts';

// operations of the gateway: what keeps them, and what tells of their end
export type { EndedOperation, Operation, OperationStore } from './background/operation.ts';
export { createMemoryOperations } from './background/memory-operations.ts';
export { signWebhook, type WebhookOptions, type WebhookRequest } from './background/webhook.ts';

// what stops a start
export { FaultsError, formatFault, type Fault, type Range } from '../errors/fault.ts';

/** The facade's directives as SDL, for editors and other tools. */
export { facadeDirectives } from './routes/facade-directives.ts';
