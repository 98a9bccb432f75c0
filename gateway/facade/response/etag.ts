/**
 * Entity tags (facade.md 5.1, O4). An item with a version has the strong tag `"<state>.<hash>.<repr>"`: a write compares
 * the state, a read all of it, because parts of other services may change without the version. Everything else is hashed:
 * a strong tag for an item, a weak one for a collection.
 */
import { createHash } from 'node:crypto';
import type { EntityTags } from '../routes/request-headers.ts';
import type { MediaType } from '../media/negotiate.ts';

const representations: Readonly<Record<MediaType, string>> = {
  'application/json': 'json',
  'application/hal+json': 'hal',
  'application/prs.hal-forms+json': 'forms',
};

/** sha-256, cut to 96 bits. */
const hash = (bytes: string): string => createHash('sha256').update(bytes).digest('hex').slice(0, 24);

export interface TagInput {
  /** The version of the item, if it has one. */
  readonly state: string | undefined;
  readonly isCollection: boolean;
  readonly mediaType: MediaType;
  /** A type that names a version is a representation of its own. */
  readonly contentType: string;
  readonly body: string;
  /** With a state: all else it depends on, so that the tag is known without the body. */
  readonly representation?: string | undefined;
}

/** The tag of what has no state: its type and its bytes. */
export const tagOfContent = (contentType: string, body: string): string => `"${hash(`${contentType}\n${body}`)}"`;

/** The tag of a representation. */
export function buildEtag({ state, isCollection, mediaType, contentType, body, representation }: TagInput): string {
  const content = state === undefined ? body : (representation ?? body);
  const rest = `${hash(contentType === mediaType ? content : `${contentType}\n${content}`)}.${representations[mediaType]}`;
  if (state !== undefined && /^[\x21\x23-\x7e]+$/.test(state)) return `"${state}.${rest}"`;
  return isCollection ? `W/"${rest}"` : `"${rest}"`;
}

/** A tag for a write, made of the state alone: writes compare nothing else. */
export const tagOfState = (state: string): string => `"${state}.${'0'.repeat(24)}.json"`;

/** The state part of a strong tag of ours; undefined for a weak one or somebody else's. */
export const stateOfTag = (tag: string): string | undefined =>
  /^"(.+)\.[0-9a-f]{24}\.(?:json|hal|forms)"$/.exec(tag)?.[1];

const opaque = (tag: string): string => tag.replace(/^W\//, '');

/** If-None-Match on a read: weak comparison (RFC 9110, 13.1.2). */
export const isUnmodified = (tags: EntityTags, etag: string): boolean =>
  tags.kind === 'any' || (tags.kind === 'tags' && tags.tags.some((tag) => opaque(tag) === opaque(etag)));

/** If-Match on a read: strong comparison (RFC 9110, 13.1.1). */
export const isMatched = (tags: EntityTags, etag: string): boolean =>
  tags.kind === 'absent' ||
  tags.kind === 'any' ||
  (tags.kind === 'tags' && !etag.startsWith('W/') && tags.tags.includes(etag));

/** Could one of the tags be that of a representation, whatever its state? Else there is no need to ask for the state. */
export const mayBeUnmodified = (tags: EntityTags, etag: string): boolean => {
  const end = etag.slice(etag.indexOf('.'));
  return tags.kind === 'tags' && tags.tags.some((tag) => opaque(tag).endsWith(end));
};
