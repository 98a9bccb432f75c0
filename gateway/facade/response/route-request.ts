/** What `decide` sees: a request that has been matched and negotiated, and the facts that are not in the result. */
import type { CacheHint, FacadeResponse, FacadeResult } from '../contract.ts';
import type { Operation } from '../background/operation.ts';
import type { MediaType } from '../media/negotiate.ts';
import type { EntityTags, Prefer } from '../routes/request-headers.ts';
import type { TagHeader } from './entity-tags.ts';
import type { HttpExtensions } from './http-extensions.ts';
import type { Refusal } from './refusal.ts';

export interface RouteRequest {
  readonly method: string;
  /** The version prefix the client used, such as `/v2`, or the empty string. */
  readonly prefix: string;
  /** The raw path below base path and prefix. */
  readonly path: string;
  /** Path parameters, decoded, in order. */
  readonly parameters: readonly string[];
  readonly query: string;
  readonly mediaType: MediaType;
  /** What Content-Type says: the media type, or one that names a version. */
  readonly contentType: string;
  /** The version stands in the path, as in `/v2/books`; else the prefix came from a header, or is empty. */
  readonly hasVersionedPath: boolean;
  readonly prefer: Prefer;
  readonly ifMatch: EntityTags;
  readonly ifNoneMatch: EntityTags;
  /** The answer belongs to one client. */
  readonly isPersonal: boolean;
  readonly hasRange: boolean;
}

/** How far the request came. */
export type Outcome =
  | { readonly state: 'refused'; readonly refusal: Refusal }
  | {
      readonly state: 'options';
      readonly allow: readonly string[];
      readonly acceptPatch?: string;
      readonly acceptPost?: string;
    }
  /** P19: there is nothing to do, so nothing was asked. */
  | { readonly state: 'unchanged' }
  /** P26: the answer of the first request with the same key. */
  | { readonly state: 'replayed'; readonly answer: FacadeResponse }
  /** P27: the state is still that of the tag the client has; the rest was not asked. */
  | { readonly state: 'unmodified'; readonly etag: string; readonly freshness: FacadeResult['freshness'] }
  /** S12, S13: an operation of the gateway, just started or looked at. */
  | { readonly state: 'operation'; readonly operation: Operation; readonly isStart: boolean }
  | { readonly state: 'executed'; readonly result: FacadeResult };

export interface Facts {
  readonly requestId: string;
  readonly basePath: string;
  readonly publicUrl: string;
  readonly validationStatus: 422 | 400;
  readonly negativeTtl: number;
  readonly httpExtensions: HttpExtensions;
  /** Headers that choose the version or that services see, for `Vary`. */
  readonly varyHeaders: readonly string[];
  /** A job that is done answers with 303, or with 200 and a link to its result. */
  readonly asyncDone: 'redirect' | 'link';
  readonly cacheTags: readonly TagHeader[];
  readonly cdnMaxAge: number | undefined;
  /** The prefix of the API's own rels in HAL; undefined where they are written as they are. */
  readonly curie: string | undefined;
  /** Links of routes in a lifecycle; `{version}` in an address stands for the version of the route. */
  readonly lifecycleLinks: { readonly isOn: boolean; readonly deprecation?: string; readonly sunset?: string };
  /** What `@cacheControl` says of the selected fields. */
  readonly hints?: CacheHint | undefined;
  /** Names all that the representation depends on besides the state; only where the state says the rest. */
  readonly representation?: string | undefined;
  readonly now: Date;
  /** Unknown parameters were ignored, as the client asked (P17). */
  readonly ignoredParameters: boolean;
  /** The page size and cursor in force, for links. */
  readonly cursorSent: boolean;
}
