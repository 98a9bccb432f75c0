/** A federated graph as plain data: what there is, who gives it, what it takes. SDL, resolvers and true values follow from it. */

/** A number from 0 to below `count`. */
export type Choose = (count: number) => number;

export type LeafKind = 'text' | 'strict' | 'number' | 'mood' | 'texts' | 'counted' | 'picked';
export type FieldKind = LeafKind | 'value' | 'one' | 'many' | 'strictMany' | 'grid' | 'page' | 'labelled' | 'any';

/** A field of the same entity, given elsewhere, that another is computed from. */
export interface Requirement {
  readonly field: string;
  /** Its argument, for a `counted`. */
  readonly by?: number;
  /** The field of its target, for a `one`; or of the value. */
  readonly below?: string;
}

export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  /** The home that gives it. */
  readonly owner: number;
  /** A second home that gives it too. */
  readonly sharedWith?: number;
  /** A home that gave it before, and must not be asked (`@override`). */
  readonly overriddenIn?: number;
  /** Type that it refers to. */
  readonly target?: string;
  readonly requires?: readonly Requirement[];
  /** Field of the target, given elsewhere, that comes along. */
  readonly provides?: string;
}

/** `interface object`: in one home an interface over types, elsewhere an object (`@interfaceObject`). */
export type EntityKind = 'type' | 'interface object';

export interface Entity {
  readonly name: string;
  readonly kind: EntityKind;
  /** Entities of one family have their ids in common. */
  readonly family: string;
  /** Homes that know it, with the keys by which each can be asked. */
  readonly keys: ReadonlyMap<number, readonly Key[]>;
  /** Homes that only refer to it. */
  readonly stubs: readonly number[];
  readonly fields: readonly Field[];
}

export type Key = 'id' | 'id part' | 'id tag { zone number }' | 'code';

export interface GraphModel {
  /** Names of the subgraphs. */
  readonly homes: readonly string[];
  readonly entities: readonly Entity[];
  /** Homes that have the interface `Labelled`, each with a field of its own, and the entities that implement it in all. */
  readonly labelled: { readonly homes: readonly number[]; readonly entities: readonly string[] };
  /** Members of the union `Any`, by home. */
  readonly any: ReadonlyMap<number, readonly string[]>;
  /** The home in which `Media` is an interface, over `Book` and `Film`. */
  readonly mediaHome: number | undefined;
  readonly isCodeHidden: boolean;
}

export const MEDIA = 'Media';

/** The interface that is an object elsewhere, or a type below it. */
export const isOfMedia = (name: string): boolean => [MEDIA, 'Book', 'Film'].includes(name);

export const isGivenBy = (field: Field, home: number): boolean => field.owner === home || field.sharedWith === home;

export const entityOf = ({ entities }: GraphModel, name: string): Entity =>
  entities.find((entity) => entity.name === name)!;

/** Fields that a type has: its own, and those of the interface it implements. */
export const fieldsOf = (model: GraphModel, name: string): readonly Field[] => [
  ...entityOf(model, name).fields,
  ...(name === 'Book' || name === 'Film' ? entityOf(model, MEDIA).fields : []),
];

/** What must not depend on the subgraph that is asked, since the planner may choose among several. */
export const isShared = (model: GraphModel, { name, keys, fields }: Entity): boolean =>
  new Set([...keys.values()].flat()).size > 1 ||
  fields.some((field) => field.sharedWith !== undefined || isProvided(model, name, field));

/** By any home, or by one. */
export const isProvided = ({ entities }: GraphModel, type: string, { name }: Field, home?: number): boolean =>
  entities.some(({ fields }) =>
    fields.some(
      (other) => other.provides === name && other.target === type && (home === undefined || other.owner === home),
    ),
  );

/** Whether something in the home needs the field, which others give. */
export function isExternal(model: GraphModel, type: string, field: Field, home: number): boolean {
  if (isGivenBy(field, home)) return false;
  const isRequired = model.entities.some((entity) =>
    entity.fields.some(
      (other) =>
        isGivenBy(other, home) &&
        (other.requires ?? []).some(({ field: name, below }) => {
          if (entity.name === type && name === field.name) return true;
          const target = fieldsOf(model, entity.name).find((one) => one.name === name)?.target;
          return target === type && below === field.name;
        }),
    ),
  );
  return isRequired || isProvided(model, type, field, home);
}
