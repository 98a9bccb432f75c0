/**
 * Completes the values of a connector subgraph (GraphQL specification, 6.4.3): one closure a position of the operation. What
 * a mapping has given already is read where it lies; only a field that is not there becomes a lazy object's business.
 */
import {
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLNullableType,
  type GraphQLObjectType,
  type GraphQLOutputType,
} from 'graphql';
import {
  concreteType,
  fieldShape,
  isObject,
  LazyObject,
  narrowShape,
  noShape,
  prepareLeaf,
  requestedFields,
  settle,
  wantedOf,
  type FieldUse,
  type Gained,
  type Maybe,
  type ObjectField,
  type Origin,
  type ValueObject,
} from '../../connectors/index.ts';
import { collectFields } from '../collect-fields.ts';
import type { Members } from '../own-members.ts';
import { compileArguments, type ArgumentsOf } from './argument-values.ts';
import type { DirectScope } from './direct-scope.ts';
import { dropAt, pathTo, type Place } from './place.ts';
import { FAILED, noteError, whenGained, type Run } from './run.ts';
import { serializerOf } from './serialize-leaf.ts';

/** Completes the value that stands in `container` under `key`, below the place `up`. */
export type Complete = (
  value: Maybe,
  origin: Origin,
  up: Place,
  container: Members | unknown[],
  key: string | number,
  run: Run,
) => unknown;

/** Completes an object whose place, if it is needed, is made by `placeOf`. */
export type CompleteObject = (
  data: ValueObject,
  origin: Origin,
  up: Place,
  container: Members | unknown[],
  key: string | number,
  run: Run,
) => Members | typeof FAILED;

/** A position: its name in messages and the nodes that select it. */
interface Position {
  readonly name: string;
  readonly nodes: readonly FieldNode[];
}

/** Null stands, or is passed up. */
export function compilePosition(type: GraphQLOutputType, position: Position, scope: DirectScope): Complete {
  if (!isNonNullType(type)) {
    const complete = compileValue(type, false, position, scope);
    return (value, origin, up, container, key, run) => {
      const completed = complete(value, origin, up, container, key, run);
      return completed === FAILED ? null : completed;
    };
  }
  const complete = compileValue(type.ofType as GraphQLNullableType & GraphQLOutputType, true, position, scope);
  return (value, origin, up, container, key, run) => {
    const completed = complete(value, origin, up, container, key, run);
    if (completed !== null) return completed;
    noteError(run, nonNullFault(position.name), position.nodes, up, key);
    return FAILED;
  };
}

/** In the words of graphql-js, as an error of the same kind. */
const nonNullFault = (name: string): Error => new Error(`Cannot return null for non-nullable field ${name}.`);

function compileValue(
  type: GraphQLNullableType & GraphQLOutputType,
  isNonNull: boolean,
  position: Position,
  scope: DirectScope,
): Complete {
  if (isListType(type)) return compileList(type.ofType, isNonNull, position, scope);
  if (!isLeafType(type)) return compileComposite(type, isNonNull, position, scope);
  const serialize = serializerOf(type, prepareLeaf(type.name, scope.table.schema));
  return (value, _origin, up, _container, key, run) => {
    if (value === undefined || value === null) return null;
    try {
      return serialize(value);
    } catch (error) {
      noteError(run, error, position.nodes, up, key);
      return FAILED;
    }
  };
}

function compileList(type: GraphQLOutputType, isNonNull: boolean, position: Position, scope: DirectScope): Complete {
  const complete = compilePosition(type, position, scope);
  return (value, origin, up, container, key, run) => {
    if (!Array.isArray(value)) return null;
    const place: Place = { up, container, key, isNonNull };
    const { faults } = origin;
    const list: unknown[] = [];
    for (let index = 0; index < value.length; index++) {
      const own = faults === undefined ? origin : { ...origin, faults: faults.at(index) };
      const completed = complete(value[index], own, place, list, index, run);
      if (completed === FAILED) return FAILED;
      list.push(completed);
    }
    return list;
  };
}

function compileComposite(
  type: GraphQLCompositeType,
  isNonNull: boolean,
  { nodes }: Position,
  scope: DirectScope,
): Complete {
  if (isObjectType(type)) {
    const complete = compileObject(type, nodes, isNonNull, scope);
    return (value, origin, up, container, key, run) =>
      isObject(value) ? complete(value, origin, up, container, key, run) : null;
  }
  const possible = scope.table.schema.possibleTypes(type.name);
  const byType = new Map<
    string,
    { readonly complete: CompleteObject; readonly originOf: (origin: Origin) => Origin }
  >();
  const completeAs = (name: string) => {
    let known = byType.get(name);
    if (known === undefined) {
      const complete = compileObject(scope.objectType(name), nodes, isNonNull, scope);
      const originOf = rememberLast(({ shape, wanted, ...origin }) => ({
        ...origin,
        wanted: wanted.byType?.get(name) ?? wanted,
        shape: narrowShape(shape, name),
      }));
      byType.set(name, (known = { complete, originOf }));
    }
    return known;
  };
  return (value, origin, up, container, key, run) => {
    if (!isObject(value)) return null;
    const name = concreteType(value, possible);
    if (name === undefined) return null;
    const { complete, originOf } = completeAs(name);
    return complete(value, originOf(origin), up, container, key, run);
  };
}

/** Items of one list have one origin, unless something is wrong with them. */
function rememberLast(derive: (origin: Origin) => Origin): (origin: Origin) => Origin {
  let last: Origin | undefined;
  let derived: Origin | undefined;
  return (origin) => {
    if (origin.faults !== undefined) return derive(origin);
    if (derived === undefined || last === undefined || last.shape !== origin.shape || last.wanted !== origin.wanted) {
      last = origin;
      derived = derive(origin);
    }
    return derived;
  };
}

interface CompiledField {
  readonly key: string;
  readonly name: string;
  readonly nodes: readonly FieldNode[];
  readonly isNonNull: boolean;
  readonly complete: Complete;
  /** Of the value, when the mapping that gave the object gave it too. */
  readonly originOf: (origin: Origin) => Origin;
  readonly argumentsOf: ArgumentsOf;
  readonly field: ObjectField;
  readonly use: FieldUse;
}

/** The fields of one object type. */
export function compileObject(
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  isNonNull: boolean,
  scope: DirectScope,
): CompleteObject {
  const selectionSets = nodes.flatMap(({ selectionSet }) => (selectionSet === undefined ? [] : [selectionSet]));
  const fields = [...collectFields(type.name, selectionSets, scope.collect)].map(([key, selected]) =>
    selected[0]!.name.value === '__typename' ? key : compileField(type, key, selected, scope),
  );
  return (data, origin, up, container, ownKey, run) => {
    const output: Members = {};
    const isSound = origin.faults === undefined;
    let place: Place | undefined;
    let object: LazyObject | undefined;
    for (const field of fields) {
      if (typeof field === 'string') {
        output[field] = type.name;
        continue;
      }
      const { key, name } = field;
      place ??= { up, container, key: ownKey, isNonNull };
      let completed: unknown;
      if (isSound && Object.hasOwn(data, name)) {
        completed = field.complete(data[name], field.originOf(origin), place, output, key, run);
      } else {
        object ??= new LazyObject(type.name, data, origin);
        completed = resolveField(field, object, place, output, run);
      }
      if (completed === FAILED) return FAILED;
      output[key] = completed;
    }
    return output;
  };
}

function compileField(
  type: GraphQLObjectType,
  key: string,
  nodes: readonly FieldNode[],
  scope: DirectScope,
): CompiledField {
  const name = nodes[0]!.name.value;
  const definition = type.getFields()[name]!;
  const fieldNodes = [...nodes];
  return {
    key,
    name,
    nodes,
    isNonNull: isNonNullType(definition.type),
    complete: compilePosition(definition.type, { name: `${type.name}.${name}`, nodes }, scope),
    originOf: isLeafType(definition.type)
      ? (origin) => origin
      : rememberLast(({ shape, wanted }) => ({
          shape: fieldShape(shape, name) ?? noShape,
          wanted: wantedOf(wanted, name),
        })),
    argumentsOf: compileArguments(definition, nodes[0]!),
    field: scope.fieldOf(type.name, name),
    use: { isMutation: scope.isMutation, requested: () => requestedFields({ fieldNodes, ...scope.document }) },
  };
}

/** A field that the object does not hold yet. */
function resolveField(field: CompiledField, object: LazyObject, place: Place, output: Members, run: Run): unknown {
  const { key, field: resolved } = field;
  try {
    const gained = resolved.gain(object, field.argumentsOf(run), run.context, field.use);
    if (!(gained instanceof Promise)) return finishField(field, gained, place, output, run);
    whenGained(run, gained, (result, fault) => {
      const completed =
        result === undefined ? failField(field, fault, place, run) : tryFinish(field, result, place, output, run);
      if (completed === FAILED) dropAt(place);
      else output[key] = completed;
    });
    return null;
  } catch (error) {
    return failField(field, error, place, run);
  }
}

function tryFinish(field: CompiledField, gained: Gained, place: Place, output: Members, run: Run): unknown {
  try {
    return finishField(field, gained, place, output, run);
  } catch (error) {
    return failField(field, error, place, run);
  }
}

function finishField({ key, field, complete }: CompiledField, gained: Gained, place: Place, output: Members, run: Run) {
  const value = settle(gained, field.demand, run.context, () => pathTo(place, key));
  return complete(value, gained.origin, place, output, key, run);
}

function failField({ key, nodes, isNonNull }: CompiledField, error: unknown, place: Place, run: Run) {
  noteError(run, error, nodes, place, key);
  return isNonNull ? FAILED : null;
}
