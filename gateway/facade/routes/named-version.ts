/**
 * The version a request names outside its path (facade.md, section 6): by the header `API-Version`, or by a media type such
 * as `application/vnd.bookshop.v1+json`. All ways lead to the same documents, and a version in the path always counts.
 */
import type { FacadeRequest, FacadeSettings } from '../contract.ts';
import { mediaTypes, negotiate, type MediaType } from '../media/negotiate.ts';
import type { Refusal } from '../response/refusal.ts';
import { headerText } from './request-headers.ts';
import type { RouteFamily } from './route.ts';

export type Versioning = NonNullable<FacadeSettings['versioning']>;

/** What is answered: how it is rendered, what Content-Type says, and the version that a media type named. */
export interface Negotiated {
  readonly mediaType: MediaType;
  readonly contentType: string;
  readonly family?: RouteFamily;
}

/** `Bookshop` as the middle of `application/vnd.bookshop.v1+json`. */
export const vendorOf = (title: string | undefined): string =>
  (title ?? 'api')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '') || 'api';

export const versionedType = (vendor: string, family: RouteFamily): string =>
  `application/vnd.${vendor}.${family.version}+json`;

/** The types a request may choose from. */
export const offeredTypes = (versioning: Versioning, vendor: string, families: readonly RouteFamily[]): string[] => [
  ...mediaTypes,
  ...(versioning === 'mediaType' ? families.map((family) => versionedType(vendor, family)) : []),
];

/** The best type for the client; undefined when `Accept` excludes them all. */
export function negotiateVersion(
  headers: FacadeRequest['headers'],
  versioning: Versioning,
  vendor: string,
  families: readonly RouteFamily[],
): Negotiated | undefined {
  const contentType = negotiate(headers, offeredTypes(versioning, vendor, families));
  if (contentType === undefined) return undefined;
  const family = families.find((one) => versionedType(vendor, one) === contentType);
  const mediaType = mediaTypes.find((type) => type === contentType) ?? 'application/json';
  return { mediaType, contentType, ...(family ? { family } : {}) };
}

/** The version of the header `API-Version`, written `v1` or `1`; undefined when there is none. */
export function readVersionHeader(
  headers: FacadeRequest['headers'],
  families: readonly RouteFamily[],
): RouteFamily | Refusal | undefined {
  const text = headerText(headers, 'api-version')?.trim().toLowerCase();
  if (text === undefined || text === '') return undefined;
  const family = families.find(({ version }) => version === text || version === `v${text}`);
  if (family) return family;
  const known = families.map(({ version }) => `"${version}"`).join(', ');
  const detail = `API-Version is "${text}", expected one of ${known}`;
  return {
    row: 'P16',
    problem: 'invalid-parameter',
    detail,
    errors: [{ header: 'api-version', detail, code: 'enum' }],
    headers: { vary: 'API-Version' },
  };
}
