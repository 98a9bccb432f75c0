/**
 * What goes into the facade and what comes out: plain objects, so that it is tested without a port and the HTTP framework
 * stays in the server (style.md, Borders).
 */
import type { DocumentNode, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { IdempotencyStore } from './response/idempotency-store.ts';

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
  /** Put in front of every link, such as `https://shop.example`. Default: links are relative to the host. */
  readonly publicUrl?: string;
  /** How a request names a version; a version in the path always counts. Default `path`. */
  readonly versioning?: 'path' | 'mediaType' | 'header';
  /** Richardson's levels that are served; 0 and 1 are there for comparison. Default `[2, 3]`. */
  readonly levels?: readonly (0 | 1 | 2 | 3)[];
  /** Where a person reads the API documentation, for the entry point. Default `<basePath>/docs`. */
  readonly docsPath?: string;
}

export interface FacadeOptions {
  readonly documents: readonly { readonly file: string; readonly text: string }[];
  /** The API schema of the supergraph. */
  readonly schema: GraphQLSchema;
  readonly execute: FacadeExecute;
  /** Such as `/rest`; the empty string for the root. */
  readonly basePath: string;
  readonly now?: () => Date;
  /** Told of faults inside the facade or the execution, for the log; the client only sees `internal`. */
  /** Where answers are kept under an Idempotency-Key. Default: in memory. */
  readonly idempotencyStore?: IdempotencyStore;
  readonly onFault?: (error: unknown, requestId: string) => void;
  readonly settings?: FacadeSettings;
  readonly info?: { readonly title: string; readonly version: string; readonly description?: string };
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

/** The REST face of a graph. */
export interface Facade {
  /** Never rejects, and ends when the request's signal aborts. */
  handle(request: FacadeRequest): Promise<FacadeResponse>;
  readonly routes: readonly RouteSummary[];
  /** The OpenAPI 3.1 document of the current version. */
  readonly openapi: Record<string, Json>;
  /** The OpenAPI document of a version such as `v1`; undefined when there is none of that name. */
  describe(version: string | undefined): Record<string, Json> | undefined;
  /** What will be executed, for warming up plans. */
  readonly operations: readonly { readonly name: string; readonly version: string; readonly document: DocumentNode }[];
}
