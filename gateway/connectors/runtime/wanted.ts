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
  readonly byType?: ReadonlyMap<string, WantedFields>;
  /** What the operation itself asks for; the other fields are keys. */
  readonly asked: ReadonlySet<string>;
  /** Equal for equal fields. */
  readonly id: string;
}

interface Growing {
  fields: Map<string, Growing> | undefined;
  readonly asked: Set<string>;
  /** Of an abstract type: the types that want a field, where not all do. */
  readonly only?: ReadonlyMap<string, ReadonlySet<string>>;
  readonly possible?: readonly string[];
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
    const found = new Map<
      string,
      { readonly nodes: FieldNode[]; readonly typeName: string; readonly of: Set<string> }
    >();
    const all = this.#schema.possibleTypes(typeName);
    const visit = (set: SelectionSetNode | undefined, type: string, possible: readonly string[]): void => {
      for (const selection of set?.selections ?? []) {
        if (selection.kind === Kind.FIELD) {
          const name = selection.name.value;
          const entry = this.#schema.types.get(type)?.fields.get(name);
          asked.add(name);
          const before = found.get(name);
          if (before) {
            before.nodes.push(selection);
            for (const one of possible) before.of.add(one);
          } else {
            const inner = entry ? namedTypeOf(entry.type) : '';
            found.set(name, { nodes: [selection], typeName: inner, of: new Set(possible) });
          }
          continue;
        }
        const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
        const condition = fragment?.typeCondition?.name.value ?? type;
        if (fragment && this.#mayBe(condition, type)) {
          const members = this.#schema.possibleTypes(condition);
          const narrowed = possible.filter((name) => members.includes(name));
          visit(fragment.selectionSet, this.#schema.isAbstract(condition) ? type : condition, narrowed);
        }
      }
    };
    for (const node of nodes) visit(node.selectionSet, typeName, all);
    const fields = new Map<string, Growing>();
    for (const [name, below] of found) fields.set(name, this.#grow(below.nodes, fragments, below.typeName));
    const keys = this.#addKeys(fields, asked, typeName);
    if (!this.#schema.isAbstract(typeName)) return { fields, asked };
    const only = new Map(
      [...found].flatMap(([name, { of }]) => (of.size < all.length && !keys.has(name) ? [[name, of]] : [])),
    );
    return only.size === 0 ? { fields, asked } : { fields, asked, only, possible: all };
  }

  /** Whether a value of one type can be of the other too. */
  #mayBe(condition: string, typeName: string): boolean {
    const possible = this.#schema.possibleTypes(condition);
    return this.#schema.possibleTypes(typeName).some((name) => possible.includes(name));
  }

  #addKeys(fields: Map<string, Growing>, asked: ReadonlySet<string>, typeName: string): Set<string> {
    const names = new Set<string>();
    const possible = this.#schema.possibleTypes(typeName);
    for (const { kind, keys, typeName: owner, fieldName, entityType } of this.#connectors) {
      const isOwn = kind === 'field' && asked.has(fieldName!) && possible.includes(owner);
      const ofEntity = entityType === undefined ? [] : this.#schema.possibleTypes(entityType);
      if (!isOwn && !ofEntity.some((name) => possible.includes(name))) continue;
      addKeySet(fields, keys);
      for (const name of keys.keys()) names.add(name);
    }
    return names;
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

function freeze({ fields: growing, asked, only, possible }: Growing): WantedFields {
  if (!growing) return everything;
  const fields = new Map([...growing].map(([name, field]) => [name, freeze(field)]));
  if (!only || !possible) return { fields, asked, id: idOf(fields) };
  const byType = new Map(
    possible.map((type) => {
      const own = new Map([...fields].filter(([name]) => only.get(name)?.has(type) ?? true));
      return [type, { fields: own, asked, id: idOf(own) }];
    }),
  );
  return { fields, asked, byType, id: idOf(fields, only) };
}

function idOf(fields: ReadonlyMap<string, WantedFields>, only?: ReadonlyMap<string, ReadonlySet<string>>): string {
  const parts = [...fields].map(([name, { id }]) => {
    const types = only?.get(name);
    const place = types ? `${name}@${[...types].sort().join('|')}` : name;
    return id === '*' ? place : `${place}{${id}}`;
  });
  return parts.sort().join(' ');
}
