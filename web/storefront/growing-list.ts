/**
 * How pages of a connection become one list in the cache ("show more"). A first page asked for again refreshes the head
 * and keeps the tail, as long as it starts with the same books; otherwise the list starts anew.
 */
import type { FieldPolicy, Reference } from '@apollo/client';

interface Connection {
  readonly nodes: readonly Reference[];
  readonly pageInfo?: object;
  readonly totalCount?: number | null;
}

type MergeFunction = Exclude<NonNullable<FieldPolicy<Connection | null>['merge']>, boolean>;

/** A field policy for a connection whose pages are appended; `keyArgs` are the arguments that make another list. */
export const growingList = (keyArgs: string[]): FieldPolicy<Connection | null> => ({ keyArgs, merge: mergePage });

const mergePage: MergeFunction = (existing, incoming, { args, readField }) => {
  const isFurtherPage = args?.['after'] !== undefined && args['after'] !== null;
  // A further page that could not be had must not take away what is shown.
  if (!existing || !incoming) return isFurtherPage ? (incoming ?? existing ?? null) : incoming;
  const idOf = (node: Reference) => readField<string>('id', node);
  const known = existing.nodes.map(idOf);
  if (isFurtherPage) {
    const added = incoming.nodes.filter((node) => !known.includes(idOf(node)));
    return { ...incoming, nodes: [...existing.nodes, ...added] };
  }
  const startsTheSame =
    existing.nodes.length > incoming.nodes.length && incoming.nodes.every((node, at) => idOf(node) === known[at]);
  return startsTheSame ? { ...incoming, nodes: existing.nodes, pageInfo: existing.pageInfo ?? {} } : incoming;
};
