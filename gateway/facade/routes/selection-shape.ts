/**
 * The shape of an answer, from the selection: which keys, of which types, which of them optional. Links, the OpenAPI
 * document and partial answers are all read off this shape.
 */
import {
  getDirectiveValues,
  getNamedType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  isCompositeType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Json } from '../contract.ts';
import type { FieldShape, ObjectShape, SelectionShape } from './route.ts';

/** Fields that no type lists: introspection is a query like others where a client asks by GET. */
const metaFields = new Map(
  [SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef].map((field) => [field.name, field] as const),
);

interface Found {
  readonly node: FieldNode;
  readonly conditional: boolean;
}

/** Builds shapes for the selections of one version's documents. */
export class ShapeBuilder {
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(schema: GraphQLSchema, fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#schema = schema;
    this.#fragments = fragments;
  }

  /** The shape of what the selection sets, merged, select of a type. */
  build(type: GraphQLCompositeType, sets: readonly SelectionSetNode[]): SelectionShape {
    const concrete = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [type];
    return {
      typeName: type.name,
      isAbstract: isAbstractType(type),
      variants: new Map(concrete.map((one) => [one.name, this.#buildObject(one, sets, isAbstractType(type))])),
    };
  }

  #buildObject(type: GraphQLObjectType, sets: readonly SelectionSetNode[], isMember: boolean): ObjectShape {
    const found = new Map<string, Found[]>();
    for (const set of sets) this.#collect(type, set, false, found);
    const fields = new Map<string, FieldShape>();
    for (const [key, nodes] of found) fields.set(key, this.#buildField(type, key, nodes));
    const fragment = this.#onlyFragment(type, sets);
    const description = type.description ? { description: type.description } : {};
    return {
      typeName: type.name,
      ...description,
      ...(fragment === undefined ? {} : { fragment }),
      isMember: isMember && !fields.has('__typename'),
      fields,
    };
  }

  #buildField(parent: GraphQLObjectType, key: string, found: readonly Found[]): FieldShape {
    const node = found[0]!.node;
    const fieldName = node.name.value;
    const definition = metaFields.get(fieldName) ?? parent.getFields()[fieldName]!;
    const named = getNamedType(definition.type);
    const sets = found.flatMap((one) => (one.node.selectionSet ? [one.node.selectionSet] : []));
    const example = this.#example(found);
    return {
      key,
      fieldName,
      hasArguments: (node.arguments ?? []).length > 0,
      type: definition.type,
      ...(definition.description ? { description: definition.description } : {}),
      deprecated: definition.deprecationReason != null,
      optional: found.some((one) => one.node.directives?.some((directive) => directive.name.value === 'optional')),
      conditional: found.every((one) => one.conditional),
      ...(example === undefined ? {} : { example }),
      ...(isCompositeType(named) ? { selection: this.build(named, sets) } : {}),
    };
  }

  #example(found: readonly Found[]): Json | undefined {
    const directive = this.#schema.getDirective('example');
    if (!directive) return undefined;
    const values = found.map((one) => getDirectiveValues(directive, one.node)?.['value'] as Json | undefined);
    return values.find((value) => value !== undefined);
  }

  #collect(type: GraphQLObjectType, set: SelectionSetNode, conditional: boolean, into: Map<string, Found[]>): void {
    for (const selection of set.selections) {
      const isConditional = conditional || hasCondition(selection);
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        into.set(key, [...(into.get(key) ?? []), { node: selection, conditional: isConditional }]);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value);
      if (fragment && this.#applies(fragment.typeCondition?.name.value, type)) {
        this.#collect(type, fragment.selectionSet, isConditional, into);
      }
    }
  }

  #applies(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const conditional = this.#schema.getType(condition);
    return isAbstractType(conditional) && this.#schema.isSubType(conditional, type);
  }

  /** The one fragment that makes up the whole selection of a type, if that is how it was written. */
  #onlyFragment(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): string | undefined {
    const names = new Set<string | undefined>();
    const walk = (selection: SelectionNode): void => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const condition = this.#fragments.get(selection.name.value)?.typeCondition.name.value;
        if (condition === type.name && !hasCondition(selection)) names.add(selection.name.value);
        else if (this.#applies(condition, type)) names.add(undefined);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (this.#applies(selection.typeCondition?.name.value, type)) selection.selectionSet.selections.forEach(walk);
      } else if (selection.name.value !== '__typename') {
        names.add(undefined);
      }
    };
    for (const set of sets) set.selections.forEach(walk);
    return names.size === 1 ? [...names][0] : undefined;
  }
}

const hasCondition = (selection: SelectionNode): boolean =>
  (selection.directives ?? []).some(
    ({ name }) => name.value === GraphQLIncludeDirective.name || name.value === GraphQLSkipDirective.name,
  );

/** The variant that a value is of. */
export function variantOf(selection: SelectionShape, value: Record<string, unknown>): ObjectShape | undefined {
  if (!selection.isAbstract) return selection.variants.get(selection.typeName);
  return selection.variants.get(String(value['__typename']));
}

/** The field at a path of answer keys below `field`; looks into every variant. */
export function fieldAt(field: FieldShape, path: readonly string[]): FieldShape | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return field;
  for (const variant of field.selection?.variants.values() ?? []) {
    const next = variant.fields.get(key);
    const found = next && fieldAt(next, rest);
    if (found) return found;
  }
  return undefined;
}

/** The answer key under which a plain field (no arguments) is selected. */
export function keyOfField(variant: ObjectShape, fieldName: string): string | undefined {
  for (const field of variant.fields.values()) {
    if (field.fieldName === fieldName && !field.hasArguments) return field.key;
  }
  return undefined;
}
