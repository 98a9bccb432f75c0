/**
 * Makes a Relay connection of the pages that a walk found: `nodes`, `edges`, `pageInfo`; everything else is what the
 * selection gives for the first page.
 */
import { isObject, type Maybe, type Value, type ValueObject } from '../../mapping/value.ts';
import type { ItemsField } from '../../spec/connection-shape.ts';
import type { Loaded, Mapped } from '../answer.ts';
import type { Outcome } from '../failure.ts';
import type { Selection } from '../selections.ts';
import { FaultTree } from '../strict.ts';
import type { Walked } from './walk.ts';

const filled: ReadonlySet<string> = new Set(['nodes', 'edges', 'pageInfo']);

interface Item {
  readonly node: Value;
  readonly cursor: string;
  readonly faults: FaultTree | undefined;
}

export class Connection implements Loaded {
  readonly #walked: Walked;
  readonly #itemsField: ItemsField;
  readonly #mapped = new Map<Selection, Outcome<Mapped>>();

  constructor(walked: Walked, itemsField: ItemsField) {
    this.#walked = walked;
    this.#itemsField = itemsField;
  }

  select(selection: Selection): Outcome<Mapped> {
    let mapped = this.#mapped.get(selection);
    if (!mapped) this.#mapped.set(selection, (mapped = this.#map(selection)));
    return mapped;
  }

  #map(selection: Selection): Outcome<Mapped> {
    const pages: Mapped[] = [];
    for (const { page } of this.#walked.parts) {
      const outcome = page.answer.select(selection);
      if (outcome.kind === 'failure') return outcome;
      pages.push(outcome.value);
    }
    const [first] = pages;
    // An answer that is null as a whole is no empty list
    if (!first || !isObject(first.value)) return { kind: 'value', value: first ?? { value: undefined } };
    const items = this.#walked.parts.flatMap((part, index) => this.#itemsOf(pages[index]!, part));
    const value: ValueObject = {
      ...first.value,
      nodes: items.map(({ node }) => node),
      edges: items.map(({ node, cursor }) => ({ node, cursor })),
      pageInfo: this.#pageInfo(items),
    };
    return { kind: 'value', value: { value, faults: mergeFaults(first.faults, items) } };
  }

  #itemsOf({ value, faults }: Mapped, { from, to, cursorBehind }: Walked['parts'][number]): Item[] {
    const isEdge = this.#itemsField === 'edges';
    const list = memberOf(value, this.#itemsField);
    const below = faults?.at(this.#itemsField);
    return (Array.isArray(list) ? list : []).slice(from, to).map((item, offset) => {
      const index = from + offset;
      const own = below?.at(index);
      return {
        node: (isEdge ? memberOf(item, 'node') : item) ?? null,
        cursor: cursorBehind(index),
        faults: isEdge ? own?.at('node') : own,
      };
    });
  }

  #pageInfo(items: readonly Item[]): ValueObject {
    const { hasNext, hasPrevious, resume } = this.#walked;
    return {
      hasNextPage: hasNext,
      hasPreviousPage: hasPrevious,
      startCursor: items[0]?.cursor ?? null,
      endCursor: resume ?? items.at(-1)?.cursor ?? null,
    };
  }
}

/** What went wrong in an item is found in both places where it stands. */
function mergeFaults(first: FaultTree | undefined, items: readonly Item[]): FaultTree | undefined {
  const strict = first?.strict ?? items.find(({ faults }) => faults)?.faults?.strict;
  if (!strict) return undefined;
  const tree = new FaultTree(strict);
  if (first) tree.takeOver(first, filled);
  for (const [index, { faults }] of items.entries()) {
    if (!faults) continue;
    tree.graft(['nodes', index], faults);
    tree.graft(['edges', index, 'node'], faults);
  }
  return tree;
}

const memberOf = (value: Maybe, name: string): Maybe =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
