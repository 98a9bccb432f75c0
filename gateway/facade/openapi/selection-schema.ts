/**
 * JSON Schema of answers (facade.md 7.1): from the selections of the operations, not from the types, so that a client
 * gets exact shapes. A fragment that is a whole selection gives the component its name.
 */
import { isEnumType, isListType, isNonNullType, type GraphQLOutputType } from 'graphql';
import type { Json } from '../contract.ts';
import { allowNull, type JsonSchema } from '../routes/input-schema.ts';
import { limitScalar, type Limits } from '../routes/limits.ts';
import type { FieldShape, ObjectShape } from '../routes/route.ts';
import { scalarRule } from '../routes/scalars.ts';

export class SelectionSchemaBuilder {
  readonly definitions: Record<string, JsonSchema> = {};
  readonly #limits: Limits;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** The schema of a field's value; `present`: without null, for what is answered at all. */
  build(field: FieldShape, present = false): JsonSchema {
    const schema = this.#buildType(field.type, field, present && !isNonNullType(field.type));
    return field.optional && isNonNullType(field.type) ? allowNull(schema) : schema;
  }

  #buildType(type: GraphQLOutputType, field: FieldShape, present: boolean): JsonSchema {
    if (isNonNullType(type)) return this.#buildNonNull(type.ofType, field);
    const schema = this.#buildNonNull(type, field);
    return present ? schema : allowNull(schema);
  }

  #buildNonNull(type: GraphQLOutputType, field: FieldShape): JsonSchema {
    if (isListType(type))
      return { type: 'array', maxItems: this.#limits.maxItems, items: this.#buildType(type.ofType, field, false) };
    if (field.selection) {
      const variants = [...field.selection.variants.values()].map((variant) => this.buildObject(variant));
      if (variants.length === 1) return variants[0]!;
      return { oneOf: variants, discriminator: { propertyName: '__typename' } };
    }
    if (isEnumType(type)) return { type: 'string', enum: type.getValues().map((value) => value.name) };
    return limitScalar(scalarRule((type as { name: string }).name).schema, this.#limits);
  }

  /** The schema of one concrete type's selection; a reference when a fragment names it. */
  buildObject(shape: ObjectShape): JsonSchema {
    const schema = this.#buildNamed(shape);
    if (!shape.isMember) return schema;
    const name: JsonSchema = { type: 'string', const: shape.typeName };
    return { allOf: [schema, { type: 'object', properties: { __typename: name }, required: ['__typename'] }] };
  }

  #buildNamed(shape: ObjectShape): JsonSchema {
    if (shape.fragment === undefined) return this.#describe(shape);
    if (!Object.hasOwn(this.definitions, shape.fragment)) {
      this.definitions[shape.fragment] = {}; // taken first: a guard, should a fragment ever lead to itself
      this.definitions[shape.fragment] = this.#describe(shape);
    }
    return { $ref: `#/components/schemas/${shape.fragment}` };
  }

  /** The schemas of the members of a selection. */
  buildProperties(shape: ObjectShape): Record<string, JsonSchema> {
    const properties = [...shape.fields.values()].map((field): [string, JsonSchema] => {
      const isTypename = field.fieldName === '__typename';
      const schema: JsonSchema = isTypename ? { type: 'string', const: shape.typeName } : this.build(field);
      return [field.key, { ...schema, ...annotate(field) }];
    });
    return Object.fromEntries(properties);
  }

  #describe(shape: ObjectShape): JsonSchema {
    const required = [...shape.fields.values()].filter((field) => !field.conditional).map((field) => field.key);
    return {
      type: 'object',
      ...(shape.description === undefined ? {} : { description: shape.description }),
      properties: this.buildProperties(shape),
      ...(required.length > 0 ? { required } : {}),
    };
  }
}

function annotate(field: FieldShape): JsonSchema {
  const annotations: { [name: string]: Json } = {};
  if (field.description !== undefined && field.fieldName !== '__typename')
    annotations['description'] = field.description;
  if (field.deprecated) annotations['deprecated'] = true;
  if (field.example !== undefined) annotations['examples'] = [field.example];
  return annotations;
}
