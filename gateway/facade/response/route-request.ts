/** What `decide` sees: a request that has been matched and negotiated, and the facts that are not in the result. */
import type { FacadeResponse, FacadeResult } from '../contract.ts';
import type { MediaType } from '../media/negotiate.ts';
import type { EntityTags, Prefer } from '../routes/request-headers.ts';
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
  /** Authorization or cookies were sent: the answer belongs to one client. */
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
  | { readonly state: 'executed'; readonly result: FacadeResult };

export interface Facts {
  readonly requestId: string;
  readonly basePath: string;
  readonly publicUrl: string;
  readonly validationStatus: 422 | 400;
  readonly negativeTtl: number;
  /** Headers that choose the version, for `Vary`. */
  readonly versionHeaders: readonly string[];
  readonly now: Date;
  /** Unknown parameters were ignored, as the client asked (P17). */
  readonly ignoredParameters: boolean;
  /** The page size and cursor in force, for links. */
  readonly cursorSent: boolean;
}
