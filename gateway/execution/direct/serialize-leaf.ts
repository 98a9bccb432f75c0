/** Values of scalars and enums, as graphql-js would serialize them; throws what it would throw. */
import { isSpecifiedScalarType, type GraphQLLeafType } from 'graphql';
import type { Maybe } from '../../connectors/index.ts';

export type SerializeLeaf = (value: Maybe) => unknown;

const maxInt = 2 ** 31 - 1;

/** `prepare` is what the connectors do with the value before anybody serializes it. */
export function serializerOf(type: GraphQLLeafType, prepare: (value: Maybe) => unknown): SerializeLeaf {
  const serialize: SerializeLeaf = (value) => {
    const prepared = prepare(value);
    if (prepared === null || prepared === undefined) return null;
    const serialized: unknown = type.serialize(prepared);
    if (serialized === null || serialized === undefined) {
      throw new Error(`Expected \`${type.name}.serialize(...)\` to return a value that is not null`);
    }
    return serialized;
  };
  const isPlain = isSpecifiedScalarType(type) ? plainValues[type.name] : undefined;
  return isPlain === undefined ? serialize : (value) => (isPlain(value) ? value : serialize(value));
}

/** Values that are what they serialize to: nearly all. */
const plainValues: Readonly<Record<string, (value: Maybe) => boolean>> = {
  String: (value) => typeof value === 'string',
  ID: (value) => typeof value === 'string',
  Boolean: (value) => typeof value === 'boolean',
  Float: Number.isFinite,
  Int: (value) => Number.isInteger(value) && (value as number) <= maxInt && (value as number) >= -maxInt - 1,
};
