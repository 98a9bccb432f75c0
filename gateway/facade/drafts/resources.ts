/**
 * Which types of a graph have an address: those that a root field finds by a key, and those that a root field lists. A page
 * is told by its shape: an object with a list of nodes, and often with page info and a total (Relay's connections, and others).
 */
import {
  getNamedType,
  getNullableType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import { kebabCase, pluralOf } from './names.ts';

export type Field = GraphQLField<unknown, unknown>;
export type EntityType = GraphQLObjectType | GraphQLInterfaceType;

const isEntityType = (type: unknown): type is EntityType => isObjectType(type) || isInterfaceType(type);

/** An argument that finds an entity, and the field of the entity it is compared with. */
export interface KeyArgument {
  readonly argument: GraphQLArgument;
  readonly field: string;
}

export interface ItemField {
  readonly field: Field;
  readonly keys: readonly KeyArgument[];
}

/** A type with an address. */
export interface Resource {
  readonly type: EntityType;
  /** Of the collection, such as `/books`; items are below it. */
  readonly path: string;
  readonly item?: ItemField;
}

/** What is listed, and where: keys of the answer below the field. */
export interface ListShape {
  readonly item: EntityType;
  /** Undefined for a plain list. */
  readonly items?: string;
  /** Items are edges, the entity is their `node`. */
  readonly isEdge: boolean;
  readonly info?: string;
  readonly total?: string;
}

const itemNames = ['nodes', 'items', 'results', 'edges'];
const totalNames = ['totalCount', 'total', 'count'];

/** The list or the page that a type is; undefined for anything else. */
export function listShapeOf(output: GraphQLOutputType): ListShape | undefined {
  const type = getNullableType(output);
  if (isListType(type)) {
    const item = getNullableType(type.ofType);
    return isEntityType(item) ? { item, isEdge: false } : undefined;
  }
  if (!isObjectType(type)) return undefined;
  const fields = Object.fromEntries(
    Object.values(type.getFields())
      .filter((field) => !field.args.some(isRequiredArgument))
      .map((field) => [field.name, field]),
  );
  const items = itemNames.find((name) => fields[name] && isListType(getNullableType(fields[name].type)));
  const element = items === undefined ? undefined : getNamedType(fields[items]!.type);
  if (items === undefined || !isEntityType(element)) return undefined;
  const node = items === 'edges' ? element.getFields()['node'] : undefined;
  const item = node ? getNamedType(node.type) : element;
  if (!isEntityType(item)) return undefined;
  const info = isObjectType(getNamedType(fields['pageInfo']?.type)) ? 'pageInfo' : undefined;
  const total = totalNames.find((name) => isLeafType(getNamedType(fields[name]?.type)));
  return {
    item,
    items,
    isEdge: node !== undefined,
    ...(info === undefined ? {} : { info }),
    ...(total === undefined ? {} : { total }),
  };
}

/** The field of an entity that an argument is compared with: of the same name, or `id` for `bookId`. */
export function keyFieldOf(type: EntityType, name: string): string | undefined {
  const isLeafField = (field: string) => isLeafType(getNamedType(type.getFields()[field]?.type));
  if (isLeafField(name)) return name;
  return name.toLowerCase() === `${type.name}id`.toLowerCase() && isLeafField('id') ? 'id' : undefined;
}

function readItem(field: Field): ItemField | undefined {
  const type = getNullableType(field.type);
  if (!isEntityType(type) || listShapeOf(type)) return undefined;
  const required = field.args.filter(isRequiredArgument);
  const keys = required.flatMap((argument): KeyArgument[] => {
    const key = isLeafType(getNullableType(argument.type)) ? keyFieldOf(type, argument.name) : undefined;
    return key === undefined ? [] : [{ argument, field: key }];
  });
  return keys.length > 0 && keys.length === required.length ? { field, keys } : undefined;
}

/** By `id` alone is how items are usually found. */
const isById = ({ keys }: ItemField): boolean => keys.length === 1 && keys[0]!.field === 'id';

/** The types with an address, by name. */
export function findResources(schema: GraphQLSchema): Map<string, Resource> {
  const fields = Object.values(schema.getQueryType()?.getFields() ?? {});
  const items = new Map<string, ItemField>();
  const collections = new Map<string, Field>();
  for (const field of fields) {
    const item = readItem(field);
    const typeName = getNamedType(field.type).name;
    const known = items.get(typeName);
    if (item && (!known || (!isById(known) && isById(item)))) items.set(typeName, item);
    const list = listShapeOf(field.type);
    if (!list) continue;
    const isNamedAfter = kebabCase(field.name) === kebabCase(pluralOf(list.item.name));
    if (!collections.has(list.item.name) || isNamedAfter) collections.set(list.item.name, field);
  }
  return new Map(
    [...new Set([...items.keys(), ...collections.keys()])].map((name): [string, Resource] => {
      const item = items.get(name);
      const path = `/${kebabCase(collections.get(name)?.name ?? pluralOf(name))}`;
      return [name, { type: schema.getType(name) as EntityType, path, ...(item ? { item } : {}) }];
    }),
  );
}

/** `{id}`, or `{id:$bookId}` where the argument is called otherwise. */
const printHole = ({ argument, field }: KeyArgument): string =>
  argument.name === field ? `{${field}}` : `{${field}:$${argument.name}}`;

/** The path of an item, with the arguments that fill it. */
export const itemPath = ({ path }: Resource, keys: readonly KeyArgument[]): string =>
  [path, ...keys.map(printHole)].join('/');

/** The arguments of a field that name an item of a resource; undefined when one is missing. */
export function findKeys(
  { type, item }: Resource,
  parameters: readonly GraphQLArgument[],
): readonly KeyArgument[] | undefined {
  const found = item?.keys.map(({ field }) => {
    const argument = parameters.find(({ name }) => keyFieldOf(type, name) === field);
    return argument && { argument, field };
  });
  return found?.every((one) => one !== undefined) ? found : undefined;
}
