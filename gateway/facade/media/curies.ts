/**
 * Compact rels in HAL (draft-kelly-json-hal, 8.2): a rel that IANA does not know is the API's own, so with a setting it is written
 * `shop:reviews`, and `curies` says where `reviews` is explained: in the profile. A pass over the finished document.
 */
import type { Json } from '../contract.ts';
import { isObject } from '../response/locate.ts';

type JsonObject = { [name: string]: Json };

/** Rels registered with IANA, as far as they are used here. */
const registered: ReadonlySet<string> = new Set([
  ...['self', 'collection', 'item', 'first', 'prev', 'next', 'last', 'search', 'edit', 'describedby', 'profile'],
  ...['deprecation', 'sunset', 'successor-version', 'service-doc', 'curies'],
]);

export interface CurieOptions {
  /** The prefix. */
  readonly name: string;
  /** The profile of the version. */
  readonly profile: string;
}

/** A HAL document with its own rels under the prefix, at any depth. */
export function compactRels(document: Json, { name, profile }: CurieOptions): Json {
  let isUsed = false;
  const compact = (rel: string): string => {
    if (registered.has(rel)) return rel;
    isUsed = true;
    return `${name}:${rel}`;
  };
  const walk = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isObject(value)) return value;
    const members = Object.entries(value).map(([key, member]): [string, Json] => {
      if (key === '_links' && isObject(member)) {
        return [key, Object.fromEntries(Object.entries(member).map(([rel, link]) => [compact(rel), link]))];
      }
      if (key === '_embedded' && isObject(member)) {
        return [key, Object.fromEntries(Object.entries(member).map(([rel, one]) => [compact(rel), walk(one)]))];
      }
      // Templates of HAL-FORMS have names of operations, not rels.
      return [key, key === '_templates' ? member : walk(member)];
    });
    return Object.fromEntries(members);
  };
  const compacted = walk(document);
  if (!isUsed || !isObject(compacted)) return compacted;
  const curies: Json = [{ name, href: `${profile}#{rel}`, templated: true }];
  const links = isObject(compacted['_links']) ? compacted['_links'] : {};
  return { ...compacted, _links: { ...links, curies } satisfies JsonObject };
}
