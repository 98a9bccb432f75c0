/**
 * JSON Schema of GraphQL input types. One builder for the request validator and for the OpenAPI document, so that the two
 * cannot drift (facade.md 7.1). Nullability from the graph; unknown fields are refused.
 */
import {
  astFromValue,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  valueFromASTUntyped,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from 'graphql';
import type { Json } from '../contract.ts';
import { limitScalar, type Limits } from './limits.ts';
import { scalarRule } from './scalars.ts';

export type JsonSchema = { [name: string]: Json };

/** Builds schemas that refer to each other by name; named types gather in `definitions`. */
export class InputSchemaBuilder {
  readonly definitions: Record<string, JsonSchema> = {};
  readonly #prefix: string;
  readonly #limits: Limits;

  /** `prefix` is what references start with: `#/$defs/` or `#/components/schemas/`. */
  constructor(prefix: string, limits: Limits) {
    this.#prefix = prefix;
    this.#limits = limits;
  }

  /** The schema of a type; null is allowed where the type says so. */
  build(type: GraphQLInputType): JsonSchema {
    if (isNonNullType(type)) return this.#buildNonNull(type.ofType);
    return allowNull(this.#buildNonNull(type));
  }

  /** The schema of a type without null, for what can only be absent: query parameters and bodies. */
  buildPresent(type: GraphQLInputType): JsonSchema {
    return this.#buildNonNull(isNonNullType(type) ? type.ofType : type);
  }

  #buildNonNull(type: GraphQLInputType): JsonSchema {
    if (isListType(type)) return { type: 'array', maxItems: this.#limits.maxItems, items: this.build(type.ofType) };
    if (isInputObjectType(type)) {
      if (!Object.hasOwn(this.definitions, type.name)) {
        this.definitions[type.name] = {}; // taken first: a type may refer to itself
        this.definitions[type.name] = this.#buildObject(type);
      }
      return { $ref: this.#prefix + type.name };
    }
    if (isEnumType(type)) {
      return { type: 'string', enum: type.getValues().map((value) => value.name) };
    }
    return limitScalar(scalarRule((type as { name: string }).name).schema, this.#limits);
  }

  #buildObject(type: GraphQLInputObjectType): JsonSchema {
    const fields = Object.values(type.getFields());
    const properties: Record<string, JsonSchema> = {};
    for (const field of fields) {
      const schema = this.build(field.type);
      const annotations: JsonSchema = {};
      if (field.description) annotations['description'] = field.description;
      if (field.deprecationReason != null) annotations['deprecated'] = true;
      if (field.defaultValue !== undefined) {
        const node = astFromValue(field.defaultValue, field.type);
        if (node) annotations['default'] = valueFromASTUntyped(node) as Json;
      }
      properties[field.name] = { ...schema, ...annotations };
    }
    const required = fields.filter(isRequiredInputField).map((field) => field.name);
    return {
      type: 'object',
      ...(type.description ? { description: type.description } : {}),
      properties,
      ...(required.length > 0 ? { required } : {}),
      ...(type.isOneOf ? { minProperties: 1, maxProperties: 1 } : {}),
      additionalProperties: false,
    };
  }
}

/** The same schema with null allowed. */
export function allowNull(schema: JsonSchema): JsonSchema {
  if (Object.keys(schema).length === 0) return schema;
  if (schema['$ref'] !== undefined || schema['oneOf'] !== undefined) return { anyOf: [schema, { type: 'null' }] };
  const values = schema['enum'] as Json[] | undefined;
  return {
    ...schema,
    type: [schema['type'] as string, 'null'],
    ...(values ? { enum: [...values, null] } : {}),
  };
}
