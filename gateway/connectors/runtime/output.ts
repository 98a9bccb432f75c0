/**
 * Turns mapped values into what graphql-js resolves further: objects become lazy objects of their type, long integers
 * text where the schema says so. A value that cannot be of the type is null; services never crash a request.
 */
import { Kind, type TypeNode } from 'graphql';
import { typenameOf, objectShapes, type Shape } from '../mapping/shape.ts';
import { isObject, withoutBigints, type Maybe, type ValueObject } from '../mapping/value.ts';
import type { SchemaIndex } from '../spec/schema-index.ts';
import { LazyObject, type Origin } from './lazy-object.ts';

export type Output = (value: Maybe, origin: Origin) => unknown;

/** Prepares the output of a field of this type. */
export function prepareOutput(type: TypeNode, schema: SchemaIndex): Output {
  if (type.kind === Kind.NON_NULL_TYPE) return prepareOutput(type.type, schema);
  if (type.kind === Kind.LIST_TYPE) {
    const item = prepareOutput(type.type, schema);
    return (value, origin) => {
      if (!Array.isArray(value)) return null;
      const { faults } = origin;
      if (!faults) return value.map((element) => item(element, origin));
      return value.map((element, index) => item(element, { ...origin, faults: faults.at(index) }));
    };
  }
  const name = type.name.value;
  return schema.isComposite(name) ? prepareObject(name, schema) : prepareLeaf(name, schema);
}

function prepareObject(name: string, schema: SchemaIndex): Output {
  if (!schema.isAbstract(name)) {
    return (value, origin) => (isObject(value) ? new LazyObject(name, value, origin) : null);
  }
  const possible = schema.possibleTypes(name);
  return (value, { shape, ...origin }) => {
    if (!isObject(value)) return null;
    const typename = concreteType(value, possible);
    if (typename === undefined) return null;
    const wanted = origin.wanted.byType?.get(typename) ?? origin.wanted;
    return new LazyObject(typename, value, { ...origin, wanted, shape: narrowShape(shape, typename) });
  };
}

/** By its `__typename`; without one the only possible type (connectors.md 3.8). */
export function concreteType(value: ValueObject, possible: readonly string[]): string | undefined {
  const typename = Object.hasOwn(value, '__typename') ? value['__typename'] : undefined;
  if (typeof typename === 'string') return possible.includes(typename) ? typename : undefined;
  return possible.length === 1 ? possible[0] : undefined;
}

/** The alternatives of a shape that give this type. */
export function narrowShape(shape: Shape, typename: string): Shape {
  const members = objectShapes(shape).filter((member) => (typenameOf(member) ?? typename) === typename);
  return members.length === 0 ? shape : { kind: 'union', members };
}

/** What graphql-js is given to serialize, for a leaf type. */
export function prepareLeaf(name: string, schema: SchemaIndex): (value: Maybe) => unknown {
  const isOpaque = schema.types.get(name)?.kind === 'scalar' && !builtIn.has(name);
  // A scalar declared in the file has no code of its own: what cannot be written as JSON must not get through
  if (isOpaque) return (value) => (value === undefined ? null : withoutBigints(value));
  return (value) => {
    if (value === undefined || typeof value === 'object') return null;
    if (typeof value !== 'bigint') return value;
    return name === 'Float' || name === 'Int' ? Number(value) : value.toString();
  };
}

const builtIn = new Set(['ID', 'String', 'Int', 'Float', 'Boolean']);
