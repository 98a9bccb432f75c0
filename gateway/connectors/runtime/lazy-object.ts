/**
 * An object of the graph while its fields are being resolved: what a mapping gave, or what a representation brought, and
 * what connectors of its type have added since (connectors.md 11.6).
 */
import { fieldShape, type Shape } from '../mapping/shape.ts';
import type { Maybe, ValueObject } from '../mapping/value.ts';
import type { FaultTree } from './strict.ts';
import { wantedOf, type WantedFields } from './wanted.ts';

/** Where a value comes from. */
export interface Origin {
  /** Of the mapping that gave it. */
  readonly shape: Shape;
  /** What the operation wants of it. */
  readonly wanted: WantedFields;
  /** In strict mode, what went wrong in it. */
  readonly faults?: FaultTree | undefined;
}

interface Layer {
  readonly data: ValueObject;
  /** What the mapping that gave the data lists. */
  readonly shape: Shape;
  readonly faults: FaultTree | undefined;
  next: Layer | undefined;
}

export interface Found {
  /** Undefined: a mapping lists the field but gave nothing, or no mapping lists it. */
  readonly value: Maybe;
  readonly origin: Origin;
  readonly isListed: boolean;
}

export const noShape: Shape = { kind: 'object', fields: new Map(), isOpen: false };

/** Answers come in lists of thousands, so an object that nothing is added to costs next to nothing. */
export class LazyObject {
  /** Read by graphql-js and @apollo/subgraph. */
  readonly __typename: string;
  readonly wanted: WantedFields;
  readonly #first: Layer;
  #last: Layer;
  #loads: Map<unknown, Promise<unknown>> | undefined;

  constructor(typeName: string, data: ValueObject, { shape, wanted, faults }: Origin) {
    this.__typename = typeName;
    this.wanted = wanted;
    this.#first = { data, shape, faults, next: undefined };
    this.#last = this.#first;
  }

  /** Results of the connectors asked for this object, one promise a connector. */
  get loads(): Map<unknown, Promise<unknown>> {
    return (this.#loads ??= new Map());
  }

  add(data: ValueObject, shape: Shape, faults: FaultTree | undefined): void {
    const layer: Layer = { data, shape, faults, next: undefined };
    this.#last.next = layer;
    this.#last = layer;
  }

  /** The value alone, where there is one: keys are read of every object of a list. */
  peek(name: string): Maybe {
    for (let layer: Layer | undefined = this.#first; layer; layer = layer.next) {
      if (Object.hasOwn(layer.data, name)) return layer.data[name];
    }
    return undefined;
  }

  find(name: string): Found {
    let isListed = false;
    let missed: FaultTree | undefined;
    const wanted = wantedOf(this.wanted, name);
    for (let layer: Layer | undefined = this.#first; layer; layer = layer.next) {
      const { data, shape, faults } = layer;
      const found = faults?.at(name);
      if (Object.hasOwn(data, name)) {
        const origin = { shape: fieldShape(shape, name) ?? noShape, wanted, faults: found };
        return { value: data[name], origin, isListed: true };
      }
      missed ??= found;
      isListed ||= listsField(shape, name);
    }
    return { value: undefined, origin: { shape: noShape, wanted, faults: missed }, isListed };
  }
}

const listsField = (shape: Shape, name: string): boolean =>
  shape.kind === 'object'
    ? shape.fields.has(name)
    : shape.kind === 'union' && shape.members.some((member) => listsField(member, name));
