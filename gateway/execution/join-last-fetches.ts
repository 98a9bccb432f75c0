/**
 * An entity fetch that no other waits for may leave later, when a later fetch for the same subgraph leaves anyway: then one
 * request does for both, and the answer, which waits for all, is there no later. Only over a network; and only behind what
 * comes after its own inputs, so that it waits for nothing that is beside its way.
 */
import type { PlacedFetch } from './fetch-order.ts';

/** The same fetches, in an order in which each still comes after those it waits for. */
export function joinLastFetches(
  placed: readonly PlacedFetch[],
  isOverNetwork: (subgraph: string) => boolean,
): PlacedFetch[] {
  const before = ancestors(placed);
  const awaited = new Set(placed.flatMap(({ after }) => after));
  const joined = placed.map((fetch, index) => {
    const { step } = fetch;
    if (!step.isEntityFetch || awaited.has(index) || !isOverNetwork(step.subgraph)) return fetch;
    const later = placed.findLast(
      (other, at) =>
        other.step.isEntityFetch &&
        other.step.subgraph === step.subgraph &&
        isProperSubset(before[index]!, before[at]!),
    );
    return later === undefined ? fetch : { ...fetch, after: later.after };
  });
  return sortByDependence(joined);
}

/** All that each fetch waits for, directly or not. */
function ancestors(placed: readonly PlacedFetch[]): ReadonlySet<number>[] {
  const all: Set<number>[] = [];
  for (const { after } of placed) all.push(new Set(after.flatMap((index) => [index, ...all[index]!])));
  return all;
}

const isProperSubset = (part: ReadonlySet<number>, whole: ReadonlySet<number>): boolean =>
  part.size < whole.size && [...part].every((index) => whole.has(index));

function sortByDependence(placed: readonly PlacedFetch[]): PlacedFetch[] {
  const order: number[] = [];
  const isPlaced = new Set<number>();
  const place = (index: number): void => {
    if (isPlaced.has(index)) return;
    isPlaced.add(index);
    placed[index]!.after.forEach(place);
    order.push(index);
  };
  placed.forEach((_, index) => place(index));
  const positions = new Map(order.map((index, position) => [index, position]));
  return order.map((index) => {
    const { after, ...fetch } = placed[index]!;
    return { ...fetch, after: after.map((one) => positions.get(one)!) };
  });
}
