/**
 * An object of the graph while its fields are being resolved: what a mapping gave, or what a representation brought, and
 * what connectors of its type have added since (connectors.md 11.6).
 */
import { fieldShape, objectShapes, type Shape } from '../mapping/shape.ts';
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
}

export interface Found {
  /** Undefined: a mapping lists the field but gave nothing, or no mapping lists it. */
  readonly value: Maybe;
  readonly origin: Origin;
  readonly isListed: boolean;
}

export const noShape: Shape = { kind: 'object', fields: new Map(), isOpen: false };

export class LazyObject {
  /** Read by graphql-js and @apollo/subgraph. */
  readonly __typename: string;
  readonly wanted: WantedFields;
  readonly #layers: Layer[];
  /** Results of the connectors asked for this object, one promise a connector. */
  readonly loads = new Map<unknown, Promise<unknown>>();

  constructor(typeName: string, data: ValueObject, { shape, wanted, faults }: Origin) {
    this.__typename = typeName;
    this.wanted = wanted;
    this.#layers = [{ data, shape, faults }];
  }

  add(data: ValueObject, shape: Shape, faults: FaultTree | undefined): void {
    this.#layers.push({ data, shape, faults });
  }

  find(name: string): Found {
    let isListed = false;
    let missed: FaultTree | undefined;
    const wanted = wantedOf(this.wanted, name);
    for (const { data, shape, faults } of this.#layers) {
      const found = faults?.at(name);
      if (Object.hasOwn(data, name)) {
        const origin = { shape: fieldShape(shape, name) ?? noShape, wanted, faults: found };
        return { value: data[name], origin, isListed: true };
      }
      missed ??= found;
      isListed ||= objectShapes(shape).some(({ fields }) => fields.has(name));
    }
    return { value: undefined, origin: { shape: noShape, wanted, faults: missed }, isListed };
  }
}
