/**
 * What goes into the facade and what comes out: plain objects, so that it is tested without a port and the HTTP framework
 * stays in the server (style.md, Borders).
 */
import type { DocumentNode, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { BackgroundOptions } from './background/background.ts';
import type { OperationStore } from './background/operation.ts';
import type { WebhookOptions } from './background/webhook.ts';
import type { CompileValidator } from './routes/body-validator.ts';
import type { Limits } from './routes/limits.ts';
import type { BrownOut } from './routes/lifecycle.ts';
import type { IdempotencyStore } from './response/idempotency-store.ts';
import type { Facts } from './response/route-request.ts';

/** A JSON value as it is read from a request or written to an answer. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** One request to a route, as the server hands it over. */
export interface FacadeRequest {
  readonly method: string;
  /** Raw, percent-encoded; starts with the base path. */
  readonly path: string;
  /** Raw, without `?`. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array | undefined;
  readonly requestId: string;
  /** Scheme and authority the client used, such as `http://127.0.0.1:4000`. Links do not use it: they are relative. */
  readonly origin: string;
  /** Aborts when the client leaves or the deadline passes. */
  readonly signal: AbortSignal;
  /** End of the request, on the clock of `performance.now()`; for `execute`. */
  readonly deadlineAt: number;
  /** What goes on after the answer: what the request uses has to last until it settles, and a stop waits for it for a while. */
  readonly waitUntil?: (work: Promise<unknown>) => void;
}

/** One answer; `body` is undefined where the message has none. */
export interface FacadeResponse {
  status: number;
  headers: Record<string, string | string[]>;
  body: string | Uint8Array | undefined;
}

/** What an operation answered. */
export interface FacadeResult {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
  /** What the services said of the answers behind it; undefined when nobody knows. */
  readonly freshness?: UpstreamFreshness;
}

/** What is left of the freshness of all answers behind a result (RFC 9111), as a shared cache would read it. */
export interface UpstreamFreshness {
  /** Seconds; the smallest that was told. */
  readonly maxAge?: number;
  readonly isPrivate: boolean;
  readonly noStore: boolean;
  readonly noCache: boolean;
  /** Every answer said how long it is fresh. */
  readonly isComplete: boolean;
}

/** What `@cacheControl` says of a field or a type. */
export interface CacheHint {
  /** Seconds. */
  readonly maxAge?: number;
  readonly scope?: 'PUBLIC' | 'PRIVATE';
  readonly inheritMaxAge?: boolean;
}

/** Headers of a client's request that services see, or by which it is decided what they are asked. */
export interface ClientHeaders {
  /** In lower case. */
  readonly names: readonly string[];
  /** Whether one of another name is sent on, by a pattern. */
  readonly isSentOn: (name: string) => boolean;
}

/** What the subgraphs say that the API schema does not; without it nothing is known. */
export interface GraphFacts {
  /** The services that answer a field themselves. */
  servicesOf(type: string, field: string): ReadonlySet<string>;
  /** Fields of all keys of an entity; empty for any other type. */
  keysOf(type: string): ReadonlySet<string>;
  hintOfField(type: string, field: string): CacheHint | undefined;
  hintOfType(type: string): CacheHint | undefined;
}

/** One operation to run: parsed, stripped of the facade's directives, valid against the schema. */
export interface FacadeOperation {
  readonly document: DocumentNode;
  readonly operationName: string;
  readonly variables: Record<string, unknown>;
  readonly request: FacadeRequest;
}

export type FacadeExecute = (operation: FacadeOperation) => Promise<FacadeResult>;

/** Choices for the whole facade; every one has a default. */
export interface FacadeSettings {
  /** Status of a body that fails its input type (P18). Default 422. */
  readonly validationStatus?: 422 | 400;
  /** Query parameters that are ignored wherever they occur; `*` at the end stands for anything (P17). Default `utm_*`. */
  readonly ignoreParameters?: readonly string[];
  /** Seconds a 404 or 410 may be kept. Default 0: not at all. */
  readonly negativeTtl?: number;
  /** A job that is done: 303 to its result, or 200 with the link `result` (S13). Default `redirect`. */
  readonly asyncDone?: 'redirect' | 'link';
  /** Statuses and headers that `extensions.http` of an error may set; names in lower case. Default: none. */
  readonly httpExtensions?: { readonly statuses: readonly number[]; readonly headers: readonly string[] };
  /** Put in front of every link, such as `https://shop.example`. Default: links are relative to the host. */
  readonly publicUrl?: string;
  /** How a request names a version; a version in the path always counts. Default `path`. */
  readonly versioning?: 'path' | 'mediaType' | 'header';
  /** Richardson's levels that are served; 0 and 1 are there for comparison. Default `[2, 3]`. */
  readonly levels?: readonly (0 | 1 | 2 | 3)[];
  /** How large texts, lists and integers may be: said in the API description, held when a request is read. */
  readonly limits?: Partial<Limits>;
  /** Fields that name the entities of an answer that may be kept. Default: none. */
  readonly cacheTags?: readonly ('Surrogate-Key' | 'Cache-Tag')[];
  /** Seconds a CDN may keep what others may share, for `CDN-Cache-Control` (RFC 9213). Default: not said. */
  readonly cdnMaxAge?: number;
  /** The prefix of the API's own rels in HAL, as in `shop:reviews`. Default: none. */
  readonly curie?: string;
  /** Links `successor-version`, `deprecation` and `sunset` of routes in a lifecycle. Default: the successor alone. */
  readonly lifecycleLinks?: Partial<Facts['lifecycleLinks']>;
  /** Windows in which a version answers 410 before its sunset. Default: none. */
  readonly brownOuts?: readonly BrownOut[];
  /** Bounds of operations of the gateway. Default: 5 minutes each, kept for 24 hours, 100 at once. */
  readonly background?: Partial<Pick<BackgroundOptions, 'deadlineMs' | 'keepMs' | 'maxRunning'>>;
  /** Where a person reads the API documentation, for the entry point. Default `<basePath>/docs`. */
  readonly docsPath?: string;
}

/** What the API description says about itself. */
export interface ApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
  readonly contact?: { readonly name?: string; readonly url?: string; readonly email?: string };
  readonly license?: { readonly name: string; readonly url?: string };
}

export interface FacadeOptions {
  readonly documents: readonly { readonly file: string; readonly text: string }[];
  /** The API schema of the supergraph. */
  readonly schema: GraphQLSchema;
  readonly execute: FacadeExecute;
  /** Such as `/rest`; the empty string for the root. */
  readonly basePath: string;
  readonly now?: () => Date;
  /** The clock of `deadlineAt`. Default: that of `performance`. */
  readonly monotonicNow?: () => number;
  /** Waits, less long when the signal aborts. Default: with a timer. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Switch off routes that do not fit, each alone, instead of throwing (O1). Default: false. */
  readonly canDisableRoutes?: boolean;
  /** Compiled checks of bodies, to be kept from one facade to the next. */
  readonly validators?: CompileValidator;
  /** Where answers are kept under an Idempotency-Key. Default: in memory. */
  readonly idempotencyStore?: IdempotencyStore;
  /** Where operations of the gateway are kept (`@async` without a rule). Default: in memory. */
  readonly operationStore?: OperationStore;
  /** Tells the end of operations to addresses of clients. Default: nobody is told. */
  readonly webhooks?: WebhookOptions;
  /** Aborts when the gateway stops and cannot wait for operations any longer. */
  readonly stopping?: AbortSignal;
  /** Told of faults inside the facade or the execution, for the log; the client only sees `internal`. */
  readonly onFault?: (error: unknown, requestId: string) => void;
  /** Told of every request that came to a route, for counting who calls what. */
  readonly onRouteUsed?: (use: RouteUse) => void;
  readonly settings?: FacadeSettings;
  readonly info?: ApiInfo;
  /** Security schemes of the API description, by name; an operation takes any one of them. Default: none. */
  readonly securitySchemes?: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly graph?: GraphFacts;
  /** Default: none. */
  readonly clientHeaders?: ClientHeaders;
}

/** One line of the route list. */
export interface RouteSummary {
  readonly method: string;
  readonly route: string;
  readonly operation: string;
  readonly version: string;
  /** Served without a version in the path as well. */
  readonly isCurrent: boolean;
  readonly file: string;
  readonly line: number;
}

/** One version of the API. */
export interface VersionSummary {
  readonly version: string;
  readonly isCurrent: boolean;
  readonly routes: readonly RouteSummary[];
  /** The first deprecation and the last sunset of its routes. */
  readonly deprecated?: Date;
  readonly sunset?: Date;
}

/** A request that came to a route, and how it was answered. */
export interface RouteUse {
  readonly version: string;
  readonly operation: string;
  readonly status: number;
  readonly headers: FacadeRequest['headers'];
}

/** A route that is switched off because it does not fit the graph. */
export interface DisabledRouteSummary extends RouteSummary {
  readonly reasons: readonly string[];
}

/** The REST face of a graph. */
export interface Facade {
  /** Never rejects, and ends when the request's signal aborts. */
  handle(request: FacadeRequest): Promise<FacadeResponse>;
  readonly routes: readonly RouteSummary[];
  readonly versions: readonly VersionSummary[];
  /** Declared, and answered by 503 for the time being. */
  readonly disabled: readonly DisabledRouteSummary[];
  /** The OpenAPI 3.1 document of the current version. */
  readonly openapi: Record<string, Json>;
  /** The OpenAPI document of a version such as `v1`; undefined when there is none of that name. */
  describe(version: string | undefined): Record<string, Json> | undefined;
  /** Names of the fields that identify an entity in tags and links; none where it has no route of its own. */
  keyOf(type: string): readonly string[];
  /** What will be executed, for warming up plans. */
  readonly operations: readonly { readonly name: string; readonly version: string; readonly document: DocumentNode }[];
}
