/** What the handler and its routes work with; put together by `create-facade.ts`. */
import type { FacadeExecute, RouteUse } from './contract.ts';
import type { Background } from './background/background.ts';
import type { WebhookOptions } from './background/webhook.ts';
import type { OwnPagesOptions } from './own-pages.ts';
import type { IdempotencyStore } from './response/idempotency-store.ts';
import type { RouteCaching } from './response/probe.ts';
import type { Facts } from './response/route-request.ts';
import type { Callers } from './routes/callers.ts';
import type { FieldSets } from './routes/field-set.ts';
import type { BrownOut } from './routes/lifecycle.ts';
import type { Versioning } from './routes/named-version.ts';
import type { DisabledRoute } from './routes/disable-broken.ts';
import type { Route } from './routes/route.ts';
import type { RouteTable } from './routes/route-table.ts';

export interface HandlerOptions {
  readonly table: RouteTable;
  /** Routes that are switched off. */
  readonly disabled: RouteTable<DisabledRoute>;
  readonly pages: OwnPagesOptions;
  readonly execute: FacadeExecute;
  readonly ignoreParameters: readonly string[];
  readonly callers: Callers;
  readonly fieldSets: FieldSets;
  readonly cachingOf: (route: Route) => RouteCaching;
  readonly idempotencyStore: IdempotencyStore;
  readonly background: Background;
  readonly backgroundDeadlineMs: number;
  readonly webhooks: WebhookOptions | undefined;
  /** Aborts when the gateway stops and can wait no longer. */
  readonly stopping: AbortSignal;
  readonly now: () => Date;
  /** The clock of `deadlineAt`. */
  readonly monotonicNow: () => number;
  /** Ends early when the signal aborts; never rejects. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly brownOuts: readonly BrownOut[];
  readonly versioning: Versioning;
  /** The middle of a media type that names a version. */
  readonly vendor: string;
  /** Told of what went wrong inside the facade or the execution: the client is not. */
  readonly onFault: (error: unknown, requestId: string) => void;
  readonly onRouteUsed: (use: RouteUse) => void;
  readonly facts: Pick<
    Facts,
    | 'basePath'
    | 'publicUrl'
    | 'validationStatus'
    | 'negativeTtl'
    | 'varyHeaders'
    | 'asyncDone'
    | 'cacheTags'
    | 'cdnMaxAge'
    | 'lifecycleLinks'
    | 'curie'
    | 'httpExtensions'
  >;
}
