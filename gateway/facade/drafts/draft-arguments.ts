/** Where the arguments of a field go: into variables, and from there to the path, the query, a header or the body (facade.md 2.3). */
import {
  astFromValue,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  print,
  type GraphQLArgument,
  type GraphQLInputType,
} from 'graphql';
import type { DraftVariable } from './operation-text.ts';

/** Names that belong to the facade. */
const reserved: ReadonlySet<string> = new Set(['fields', 'embed']);

const isLeafOrList = (type: GraphQLInputType): boolean => {
  const nullable = getNullableType(type);
  return isLeafType(isListType(nullable) ? getNullableType(nullable.ofType) : nullable);
};

/** Does a query string carry it? A value, a list of values, or one flat object. */
export function fitsQuery(type: GraphQLInputType): boolean {
  if (isLeafOrList(type)) return true;
  const named = getNamedType(type);
  return (
    !isListType(getNullableType(type)) &&
    isInputObjectType(named) &&
    Object.values(named.getFields()).every((field) => isLeafOrList(field.type))
  );
}

/** The type of a variable for an argument, with the argument's own default. */
function printType({ type, defaultValue }: Pick<GraphQLArgument, 'type' | 'defaultValue'>): string {
  const node = defaultValue === undefined ? undefined : astFromValue(defaultValue, type);
  return node ? `${String(type)} = ${print(node)}` : String(type);
}

/** The variable of an argument; `directive` says where it is read from. */
export const draftVariable = (
  argument: Pick<GraphQLArgument, 'name' | 'type' | 'defaultValue' | 'description'>,
  directive?: string,
): DraftVariable => ({
  name: argument.name,
  type: printType(argument),
  ...(directive === undefined ? {} : { directive }),
  ...(argument.description ? { description: argument.description } : {}),
});

/** A query parameter, under another name where its own is reserved. */
export const draftQueryVariable = (argument: GraphQLArgument): DraftVariable =>
  draftVariable(argument, reserved.has(argument.name) ? `@query(name: "_${argument.name}")` : '@query');

/** `id: $id, first: $first`, in brackets; nothing without arguments. */
export const printCall = (field: string, names: readonly string[]): string =>
  names.length === 0 ? field : `${field}(${names.map((name) => `${name}: $${name}`).join(', ')})`;

export interface QueryArguments {
  readonly taken: readonly GraphQLArgument[];
  /** Optional, and of a form that no query string carries. */
  readonly left: readonly GraphQLArgument[];
  /** Required, and of such a form: the operation needs a body. */
  readonly needsBody: boolean;
}

/** Sorts the arguments of a read by whether its address can carry them. */
export function sortQueryArguments(args: readonly GraphQLArgument[]): QueryArguments {
  const unfit = args.filter(({ type }) => !fitsQuery(type));
  return {
    taken: args.filter(({ type }) => fitsQuery(type)),
    left: unfit.filter((one) => !isRequiredArgument(one)),
    needsBody: unfit.some(isRequiredArgument),
  };
}

export interface PageArguments {
  readonly size: string;
  readonly cursor: string;
  readonly style: 'CURSOR' | 'OFFSET';
  readonly defaultSize: number;
}

const named = (args: readonly GraphQLArgument[], names: readonly string[], types: readonly string[]) =>
  args.find(({ name, type }) => {
    const nullable = getNullableType(type);
    return names.includes(name) && isLeafType(nullable) && types.includes(nullable.name);
  });

/** The arguments that turn pages; undefined when a field has none. */
export function findPageArguments(args: readonly GraphQLArgument[]): PageArguments | undefined {
  const size = named(args, ['first', 'limit', 'pageSize', 'size', 'take', 'perPage'], ['Int']);
  const cursor = named(args, ['after', 'cursor', 'pageToken'], ['String', 'ID']);
  const offset = named(args, ['offset', 'skip'], ['Int']);
  const where = cursor ?? offset;
  if (!size || !where || isNonNullType(where.type)) return undefined;
  const defaultSize = typeof size.defaultValue === 'number' ? size.defaultValue : 20;
  return { size: size.name, cursor: where.name, style: cursor ? 'CURSOR' : 'OFFSET', defaultSize };
}
