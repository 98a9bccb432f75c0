/**
 * What a draft selects: every field that needs no argument. Of an entity with an address of its own only the key, of any
 * other object its fields, of a page nothing, since it gets a route of its own.
 */
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
  type GraphQLCompositeType,
  type GraphQLSchema,
} from 'graphql';
import { printFragment, type Selection } from './operation-text.ts';
import { listShapeOf, type EntityType, type Field, type Resource } from './resources.ts';

/** How deep objects without an address are followed. */
const DEPTH = 3;

const typename: Selection = { text: '__typename' };

const isPlain = (field: Field): boolean => field.deprecationReason == null && !field.args.some(isRequiredArgument);

const fieldsOf = (type: GraphQLCompositeType): Field[] =>
  isUnionType(type) ? [] : Object.values(type.getFields()).filter(isPlain);

const isLeafField = (field: Field): boolean => isLeafType(getNamedType(field.type));

const plain = (name: string): Selection => ({ text: name });

/** Members of a problem (RFC 9457): an outcome that selects one needs an alias (boot rule 13). */
const problemMembers: ReadonlySet<string> = new Set([
  'type',
  'title',
  'status',
  'detail',
  'instance',
  'code',
  'traceId',
  'errors',
]);

export class DraftSelections {
  /** Texts of the fragments in use, by name, each with the type it is on. */
  readonly fragments = new Map<string, { readonly type: string; readonly text: string }>();
  readonly #schema: GraphQLSchema;
  readonly #resources: ReadonlyMap<string, Resource>;

  constructor(schema: GraphQLSchema, resources: ReadonlyMap<string, Resource>) {
    this.#schema = schema;
    this.#resources = resources;
  }

  /** Everything of an entity, as a spread. */
  full(type: EntityType): Selection {
    return this.#spread(`${type.name}Full`, type, this.#below(type, DEPTH));
  }

  /** The values of an entity alone, as a spread: what a list shows. */
  summary(type: EntityType): Selection {
    const leaves = this.#leaves(type);
    const isEverything = leaves.length === this.#below(type, DEPTH).length;
    return isEverything ? this.full(type) : this.#spread(`${type.name}Summary`, type, leaves);
  }

  /** What is selected of any composite type. */
  of(type: GraphQLCompositeType): Selection[] {
    const resource = this.#resources.get(type.name);
    return resource ? [this.full(resource.type)] : this.#below(type, DEPTH);
  }

  /** What an outcome shows of itself: its values, under names that no problem has. */
  ofOutcome(type: EntityType): Selection[] {
    const selections = fieldsOf(type)
      .filter(isLeafField)
      .map(({ name }) =>
        problemMembers.has(name)
          ? plain(
              `${type.name.charAt(0).toLowerCase()}${type.name.slice(1)}${name.charAt(0).toUpperCase()}${name.slice(1)}: ${name}`,
            )
          : plain(name),
      );
    return selections.length > 0 ? selections : [typename];
  }

  /** The fields a key is made of. */
  keys(type: EntityType): Selection[] {
    const item = this.#resources.get(type.name)?.item;
    return item ? item.keys.map(({ field }) => plain(field)) : this.#leaves(type);
  }

  #spread(name: string, type: EntityType, selections: readonly Selection[]): Selection {
    this.fragments.set(name, { type: type.name, text: printFragment(name, type.name, selections) });
    return { text: `...${name}` };
  }

  #leaves(type: GraphQLCompositeType): Selection[] {
    const leaves = fieldsOf(type)
      .filter(isLeafField)
      .map(({ name }) => plain(name));
    return leaves.length > 0 ? leaves : [typename];
  }

  #below(type: GraphQLCompositeType, depth: number): Selection[] {
    if (isAbstractType(type)) return this.#members(this.#schema.getPossibleTypes(type));
    const selections = fieldsOf(type).flatMap((field) => this.#select(field, depth));
    return selections.length > 0 ? selections : [typename];
  }

  #select(field: Field, depth: number): Selection[] {
    const type = getNamedType(field.type);
    if (!isCompositeType(type)) return [plain(field.name)];
    if (depth === 0 || (listShapeOf(field.type)?.items !== undefined && isObjectType(type))) return [];
    const resource = this.#resources.get(type.name);
    const below = resource?.item ? this.keys(resource.type) : this.#below(type, depth - 1);
    // A part that may be null may as well fail alone.
    return [{ text: isNonNullType(field.type) ? field.name : `${field.name} @optional`, below }];
  }

  /** Values of each member; where two give one name to unlike types, the later one gets an alias. */
  #members(types: readonly EntityType[]): Selection[] {
    const known = new Map<string, string>();
    const members = types.map((type): Selection => {
      const below = fieldsOf(type)
        .filter(isLeafField)
        .map((field) => {
          const before = known.get(field.name);
          if (before === undefined) known.set(field.name, String(field.type));
          const isAlike = before === undefined || before === String(field.type);
          const alias = `${type.name.charAt(0).toLowerCase()}${type.name.slice(1)}_${field.name}`;
          return plain(isAlike ? field.name : `${alias}: ${field.name}`);
        });
      return { text: `... on ${type.name}`, below: below.length > 0 ? below : [typename] };
    });
    return [typename, ...members];
  }
}
