/**
 * A route as it works at run time: everything the documents say, read once at boot. The other rooms of the facade read
 * this model and nothing else.
 */
import type { DocumentNode, GraphQLInputType, GraphQLOutputType } from 'graphql';
import type { Json } from '../contract.ts';
import type { Segment } from './route-template.ts';
import type { Limits } from './limits.ts';
import type { FactMapping } from './fact-mapping.ts';
import type { LocationTemplate } from './location-template.ts';
import type { ValidateBody } from './body-validator.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Where a value of the request goes: a variable, or a place inside one. */
export interface Binding {
  readonly variable: string;
  /** Names of input fields below the variable; empty for the variable itself. */
  readonly path: readonly string[];
  readonly type: GraphQLInputType;
  readonly from: 'path' | 'query' | 'header' | 'body' | 'property' | 'embed';
  /** Name on the wire. */
  readonly name: string;
  readonly required: boolean;
  /** A list may be written with commas. */
  readonly split: boolean;
  readonly defaultValue?: Json;
  readonly example?: Json;
  readonly description?: string;
}

/** One selected field of the answer. */
export interface FieldShape {
  /** Name in the answer. */
  readonly key: string;
  readonly fieldName: string;
  readonly hasArguments: boolean;
  readonly type: GraphQLOutputType;
  readonly description?: string;
  readonly deprecated: boolean;
  /** `@optional`: may fail without failing the response. */
  readonly optional: boolean;
  /** `@include` or `@skip`: may be absent. */
  readonly conditional: boolean;
  readonly example?: Json;
  readonly selection?: SelectionShape;
}

/** What is selected of a composite type, by concrete type. */
export interface SelectionShape {
  readonly typeName: string;
  readonly isAbstract: boolean;
  readonly variants: ReadonlyMap<string, ObjectShape>;
}

export interface ObjectShape {
  readonly typeName: string;
  readonly description?: string;
  /** The fragment that is the whole selection, when there is one: the name of the OpenAPI component. */
  readonly fragment?: string;
  /** One of several types: the answer says which, in `__typename`. */
  readonly isMember: boolean;
  readonly fields: ReadonlyMap<string, FieldShape>;
}

export interface ResourceRule {
  readonly type: string;
  readonly key: readonly string[];
  readonly version?: string;
}

/** Paths are keys of the answer, inside the result; `size` and `cursor` are bindings from the query. */
export interface CollectionRule {
  readonly of: string;
  /** By cursor, or by the number of items to pass over. */
  readonly style: 'CURSOR' | 'OFFSET';
  readonly items: readonly string[];
  readonly info?: readonly string[];
  readonly total?: readonly string[];
  readonly size?: Binding;
  readonly cursor?: Binding;
  readonly max: number;
}

export interface OutcomeRule {
  readonly type?: string;
  readonly code?: string;
  readonly status: number;
  /** Name of the problem type. */
  readonly problem: string;
}

/** A link by hand, or a condition on a derived one; mappings are applied to the result. */
export interface RelRule {
  readonly rel: string;
  /** Name of the operation it leads to. */
  readonly to: string;
  readonly args?: FactMapping;
  readonly when?: FactMapping;
}

/** How a job is read (`@async(rule)`); mappings are applied to the job as it was answered. */
export interface JobRule {
  /** Names of operations: the GET of the job, and that of what it makes. */
  readonly job: string;
  readonly result?: string;
  readonly state: FactMapping;
  readonly running: readonly string[];
  readonly done: readonly string[];
  /** Left out: whatever is neither running nor done. */
  readonly failed?: readonly string[];
  readonly resultId?: FactMapping;
  readonly error?: FactMapping;
  readonly retryAfterSeconds: number;
}

export interface CacheRule {
  readonly maxAge?: number;
  readonly scope?: 'PUBLIC' | 'PRIVATE';
  readonly staleWhileRevalidate?: number;
  readonly staleIfError?: number;
  readonly negativeTtl?: number;
}

export interface LifecycleRule {
  readonly deprecated?: Date;
  readonly sunset?: Date;
  /** Path template of the route that follows, with its version. */
  readonly successor?: { readonly version: string; readonly segments: readonly Segment[] };
}

/** What a request body may be. */
export interface BodyRule {
  readonly mediaType: string;
  /** Every type that is taken; `mediaType` is the first. */
  readonly mediaTypes: readonly string[];
  readonly required: boolean;
  readonly validate: ValidateBody;
}

/** All routes of one version: they link to each other, never to another version's. */
export interface RouteFamily {
  readonly version: string;
  readonly isCurrent: boolean;
  readonly routes: Route[];
  /** The canonical item route of a type (`@resource`). */
  readonly itemRoutes: Map<string, Route>;
}

export interface Route {
  readonly operation: string;
  readonly file: string;
  readonly line: number;
  readonly isMutation: boolean;
  readonly method: HttpMethod;
  readonly family: RouteFamily;
  /** How large the values of a request may be. */
  readonly limits: Limits;
  readonly segments: readonly Segment[];
  readonly summary?: string;
  readonly description?: string;
  /** For execution: without the facade's directives, with the hidden fields the facade needs. */
  readonly document: DocumentNode;
  readonly bindings: readonly Binding[];
  readonly body?: BodyRule;
  /** Keys of the answer from the root field to the representation. */
  readonly resultPath: readonly string[];
  /** The root field; the representation is found below it by `resultPath`. */
  readonly root: FieldShape;
  readonly result: FieldShape;
  /** The result as a success has it: of a union with outcomes only the one member is left. */
  readonly representation: FieldShape;
  /** The one member of the result that is a success. Undefined for a scalar result. */
  readonly successType?: string;
  readonly resource?: ResourceRule;
  readonly collection?: CollectionRule;
  /** Where the result's key and version are found in the answer: field name to answer key. */
  readonly hidden: ReadonlyMap<string, string>;
  readonly success: number;
  readonly creates: boolean;
  readonly outcomes: readonly OutcomeRule[];
  readonly partial: 'FAIL' | 'ON_REQUEST' | 'ALLOW';
  readonly hide: boolean;
  readonly passthrough: boolean;
  readonly guard?: { readonly required: boolean };
  /** Answers are kept under the header Idempotency-Key. */
  readonly idempotency?: { readonly required: boolean; readonly ttlMs: number };
  /** The answer is a job of the service: the route that starts it, or the one that reads it. */
  readonly job?: JobRule;
  /** `@async` without a rule: the gateway works on it after it has answered. */
  readonly isBackground: boolean;
  readonly rels: readonly RelRule[];
  /** Where what was created is; without it, the item route says so. */
  readonly location?: LocationTemplate;
  readonly cache: CacheRule;
  readonly lifecycle: LifecycleRule;
}
