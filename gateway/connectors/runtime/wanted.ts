/**
 * Which fields an operation asks for below a field, together with the keys that connectors need to go on from there. Read
 * once for each field of a query document: documents of cached plans stay the same objects (connectors.md 11.4 rule 1).
 */
import { Kind, type FieldNode, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql';
import type { Wanted } from '../mapping/prune.ts';
import type { Connector } from '../spec/connector.ts';
import type { KeySet } from '../spec/key-set.ts';
import { namedTypeOf, type SchemaIndex } from '../spec/schema-index.ts';

export interface WantedFields extends Wanted {
  readonly fields: ReadonlyMap<string, WantedFields> | undefined;
  /** What the operation itself asks for; the other fields are keys. */
  readonly asked: ReadonlySet<string>;
  /** Equal for equal fields. */
  readonly id: string;
}

interface Growing {
  fields: Map<string, Growing> | undefined;
  readonly asked: Set<string>;
}

type DocumentInfo = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;

export const everything: WantedFields = { fields: undefined, asked: new Set(), id: '*' };

/** What is wanted of a field of an object of which `wanted` is wanted. */
export const wantedOf = ({ fields }: WantedFields, name: string): WantedFields => fields?.get(name) ?? everything;

export class WantedReader {
  readonly #schema: SchemaIndex;
  readonly #connectors: readonly Connector[];
  readonly #known = new WeakMap<FieldNode, Map<string, WantedFields>>();

  constructor(schema: SchemaIndex, connectors: readonly Connector[]) {
    this.#schema = schema;
    this.#connectors = connectors;
  }

  /** What is wanted of the value of a field, which is of this type. */
  read({ fieldNodes, fragments }: DocumentInfo, typeName: string): WantedFields {
    const [only, another] = fieldNodes;
    if (!only || another) return this.#build(fieldNodes, fragments, typeName);
    let byType = this.#known.get(only);
    if (!byType) this.#known.set(only, (byType = new Map()));
    let wanted = byType.get(typeName);
    if (!wanted) byType.set(typeName, (wanted = this.#build(fieldNodes, fragments, typeName)));
    return wanted;
  }

  #build(nodes: readonly FieldNode[], fragments: DocumentInfo['fragments'], typeName: string): WantedFields {
    return freeze(this.#grow(nodes, fragments, typeName));
  }

  #grow(nodes: readonly FieldNode[], fragments: DocumentInfo['fragments'], typeName: string): Growing {
    const asked = new Set<string>();
    if (!this.#schema.isComposite(typeName)) return { fields: undefined, asked };
    const found = new Map<string, { readonly nodes: FieldNode[]; readonly typeName: string }>();
    const visit = (set: SelectionSetNode | undefined, type: string): void => {
      for (const selection of set?.selections ?? []) {
        if (selection.kind === Kind.FIELD) {
          const name = selection.name.value;
          const entry = this.#schema.types.get(type)?.fields.get(name);
          asked.add(name);
          const before = found.get(name);
          if (before) before.nodes.push(selection);
          else found.set(name, { nodes: [selection], typeName: entry ? namedTypeOf(entry.type) : '' });
          continue;
        }
        const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
        const condition = fragment?.typeCondition?.name.value ?? type;
        if (fragment && this.#mayBe(condition, type)) {
          visit(fragment.selectionSet, this.#schema.isAbstract(condition) ? type : condition);
        }
      }
    };
    for (const node of nodes) visit(node.selectionSet, typeName);
    const fields = new Map<string, Growing>();
    for (const [name, below] of found) fields.set(name, this.#grow(below.nodes, fragments, below.typeName));
    this.#addKeys(fields, asked, typeName);
    return { fields, asked };
  }

  /** Whether a value of one type can be of the other too. */
  #mayBe(condition: string, typeName: string): boolean {
    const possible = this.#schema.possibleTypes(condition);
    return this.#schema.possibleTypes(typeName).some((name) => possible.includes(name));
  }

  #addKeys(fields: Map<string, Growing>, asked: ReadonlySet<string>, typeName: string): void {
    const possible = this.#schema.possibleTypes(typeName);
    for (const { kind, keys, typeName: owner, fieldName, entityType } of this.#connectors) {
      const isOwn = kind === 'field' && asked.has(fieldName!) && possible.includes(owner);
      const ofEntity = entityType === undefined ? [] : this.#schema.possibleTypes(entityType);
      if (isOwn || ofEntity.some((name) => possible.includes(name))) addKeySet(fields, keys);
    }
  }
}

function addKeySet(fields: Map<string, Growing>, keys: KeySet): void {
  for (const [name, inner] of keys) {
    const field = fields.get(name) ?? { fields: new Map<string, Growing>(), asked: new Set<string>() };
    fields.set(name, field);
    if (inner.size === 0) field.fields = undefined;
    else if (field.fields) addKeySet(field.fields, inner);
  }
}

function freeze({ fields: growing, asked }: Growing): WantedFields {
  if (!growing) return everything;
  const fields = new Map([...growing].map(([name, field]) => [name, freeze(field)]));
  const parts = [...fields].map(([name, { id }]) => (id === '*' ? name : `${name}{${id}}`));
  return { fields, asked, id: parts.sort().join(' ') };
}
