/**
 * The answer as the operation asks for it, out of all that the fetches brought: fields in the order of the operation, types
 * decided by `__typename`, nulls passed up to the nearest place that may be null (GraphQL specification, 6.4.3 and 6.4.4).
 * Compiled once for an operation; one closure a field, and one list of fields for each type that really comes.
 */
import {
  isAbstractType,
  isCompositeType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLNullableType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { collectFields, type CollectOptions } from './collect-fields.ts';
import { isMembers, readOwn, writeOwn, type Members } from './own-members.ts';
import type { ResponsePath } from './places.ts';
import { validatorOf } from './valid-leaf.ts';

export interface CompletionFault {
  readonly message: string;
  readonly path: ResponsePath;
}

export interface Shaping {
  /** Where it is now. */
  readonly path: (string | number)[];
  readonly faults: CompletionFault[];
  /** Answers of `__schema` and `__type`, by response name. */
  readonly introspection: Members;
}

/** The value was null where it must not be, and it is said already. */
const FAILED = Symbol('failed');

/** The completed value, null, or FAILED. */
type Complete = (value: unknown, shaping: Shaping) => unknown;
type CompleteObject = (value: Members, shaping: Shaping) => Members | typeof FAILED;

export interface CompileShapeOptions extends CollectOptions {
  readonly schema: GraphQLSchema;
  /** `QueryPlan.renamed`. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** Null when a null reached the root. */
export type Shape = (data: Members, shaping: Shaping) => Members | null;

export function compileShape(
  rootType: GraphQLCompositeType,
  selectionSet: SelectionSetNode,
  options: CompileShapeOptions,
): Shape {
  const complete = compileFields(rootType, [selectionSet], options);
  return (data, shaping) => {
    const shaped = complete(data, shaping);
    return shaped === FAILED ? null : shaped;
  };
}

interface CompiledField {
  readonly name: string;
  /** Its name in what the fetches brought. */
  readonly source: string;
  readonly complete: Complete;
}

/** The fields of one concrete type. An interface stands for itself where no subgraph knows the type below. */
function compileFields(
  type: GraphQLCompositeType,
  selectionSets: readonly SelectionSetNode[],
  options: CompileShapeOptions,
): CompleteObject {
  const fields = [...collectFields(type.name, selectionSets, options)].map(([name, nodes]): CompiledField => ({
    name,
    source: options.renamed.get(name) ?? name,
    complete: compileField(type, name, nodes, options),
  }));
  return (value, shaping) => {
    const shaped: Members = {};
    for (const { name, source, complete } of fields) {
      shaping.path.push(name);
      const completed = complete(readOwn(value, source), shaping);
      shaping.path.pop();
      if (completed === FAILED) return FAILED;
      writeOwn(shaped, name, completed);
    }
    return shaped;
  };
}

function compileField(
  type: GraphQLCompositeType,
  name: string,
  nodes: readonly FieldNode[],
  options: CompileShapeOptions,
): Complete {
  const fieldName = nodes[0]!.name.value;
  if (fieldName === '__typename') return () => (isObjectType(type) ? type.name : FAILED);
  if (fieldName === '__schema' || fieldName === '__type') return (_, { introspection }) => readOwn(introspection, name);
  const field = 'getFields' in type ? type.getFields()[fieldName] : undefined;
  if (field === undefined) throw new TypeError(`${type.name} has no field ${fieldName}`);
  return compilePosition(field.type, `${type.name}.${fieldName}`, nodes, options);
}

/** A field or an item of a list: the place where null either stands or is passed up. */
function compilePosition(
  type: GraphQLOutputType,
  place: string,
  nodes: readonly FieldNode[],
  options: CompileShapeOptions,
): Complete {
  if (!isNonNullType(type)) {
    const complete = compileValue(type, place, nodes, options);
    return (value, shaping) => {
      const completed = complete(value, shaping);
      return completed === FAILED ? null : completed;
    };
  }
  const complete = compileValue(type.ofType as GraphQLNullableType & GraphQLOutputType, place, nodes, options);
  return (value, shaping) => {
    const completed = complete(value, shaping);
    return completed === null ? fail(`Cannot return null for non-nullable field ${place}`, shaping) : completed;
  };
}

function compileValue(
  type: GraphQLNullableType & GraphQLOutputType,
  place: string,
  nodes: readonly FieldNode[],
  options: CompileShapeOptions,
): Complete {
  if (isListType(type)) return compileList(type.ofType, place, nodes, options);
  if (isLeafType(type)) {
    const isValid = validatorOf(type);
    return (value, shaping) => {
      if (value === null || value === undefined) return null;
      return isValid(value) ? value : fail(`Invalid value found for field ${place}`, shaping);
    };
  }
  return compileComposite(type, place, nodes, options);
}

function compileList(
  type: GraphQLOutputType,
  place: string,
  nodes: readonly FieldNode[],
  options: CompileShapeOptions,
): Complete {
  const complete = compilePosition(type, place, nodes, options);
  return (value, shaping) => {
    if (value === null || value === undefined) return null;
    if (!Array.isArray(value)) return fail(`Invalid value found for field ${place}`, shaping);
    const shaped: unknown[] = [];
    for (let index = 0; index < value.length; index++) {
      shaping.path.push(index);
      const completed = complete(value[index], shaping);
      shaping.path.pop();
      if (completed === FAILED) return FAILED;
      shaped.push(completed);
    }
    return shaped;
  };
}

function compileComposite(
  type: GraphQLCompositeType,
  place: string,
  nodes: readonly FieldNode[],
  options: CompileShapeOptions,
): Complete {
  const selectionSets = nodes.flatMap((node) => (node.selectionSet === undefined ? [] : [node.selectionSet]));
  const byTypename = new Map<string, CompleteObject>();
  const completeAs = (typename: string): CompleteObject | undefined => {
    const known = byTypename.get(typename);
    if (known !== undefined) return known;
    const found = options.schema.getType(typename);
    // Names come from subgraphs, but only those of the schema are kept, so this cannot grow without end.
    if (!isCompositeType(found)) return undefined;
    const complete = compileFields(found, selectionSets, options);
    byTypename.set(typename, complete);
    return complete;
  };
  const isAbstract = isAbstractType(type);
  return (value, shaping) => {
    if (value === null || value === undefined) return null;
    if (!isMembers(value)) return fail(`Invalid value found for field ${place}`, shaping);
    const typename = isAbstract ? (readOwn(value, '__typename') ?? type.name) : type.name;
    const complete = typeof typename === 'string' ? completeAs(typename) : undefined;
    if (complete === undefined) return fail(`Invalid __typename found for field ${place}`, shaping);
    return complete(value, shaping);
  };
}

function fail(message: string, { faults, path }: Shaping): typeof FAILED {
  faults.push({ message, path: [...path] });
  return FAILED;
}
