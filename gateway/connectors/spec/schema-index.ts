/** The types of a subgraph as its file declares them, definitions and extensions together. */
import {
  Kind,
  type ConstDirectiveNode,
  type DocumentNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  type NamedTypeNode,
  type TypeNode,
} from 'graphql';

export type TypeKind = 'object' | 'interface' | 'union' | 'input' | 'enum' | 'scalar';

export interface FieldEntry {
  readonly name: string;
  readonly type: TypeNode;
  readonly args: readonly InputValueDefinitionNode[];
  readonly directives: readonly ConstDirectiveNode[];
  readonly node: FieldDefinitionNode | InputValueDefinitionNode;
}

export interface TypeEntry {
  readonly name: string;
  readonly kind: TypeKind;
  readonly fields: Map<string, FieldEntry>;
  readonly directives: ConstDirectiveNode[];
  /** Interfaces of an object, or members of a union. */
  readonly related: string[];
  /** Of an enum. */
  readonly values: string[];
}

const builtInScalars = ['ID', 'String', 'Int', 'Float', 'Boolean'];

const kinds: Partial<Record<Kind, TypeKind>> = {
  [Kind.OBJECT_TYPE_DEFINITION]: 'object',
  [Kind.OBJECT_TYPE_EXTENSION]: 'object',
  [Kind.INTERFACE_TYPE_DEFINITION]: 'interface',
  [Kind.INTERFACE_TYPE_EXTENSION]: 'interface',
  [Kind.UNION_TYPE_DEFINITION]: 'union',
  [Kind.UNION_TYPE_EXTENSION]: 'union',
  [Kind.INPUT_OBJECT_TYPE_DEFINITION]: 'input',
  [Kind.INPUT_OBJECT_TYPE_EXTENSION]: 'input',
  [Kind.ENUM_TYPE_DEFINITION]: 'enum',
  [Kind.ENUM_TYPE_EXTENSION]: 'enum',
  [Kind.SCALAR_TYPE_DEFINITION]: 'scalar',
  [Kind.SCALAR_TYPE_EXTENSION]: 'scalar',
};

/** The innermost name of a type reference. */
export function namedTypeOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type);
}

export class SchemaIndex {
  readonly types = new Map<string, TypeEntry>();
  readonly queryName: string = 'Query';
  readonly mutationName: string = 'Mutation';

  constructor(document: DocumentNode) {
    for (const name of builtInScalars) {
      this.types.set(name, { name, kind: 'scalar', fields: new Map(), directives: [], related: [], values: [] });
    }
    for (const definition of document.definitions) {
      if (definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION) {
        for (const { operation, type } of definition.operationTypes ?? []) {
          if (operation === 'query') this.queryName = type.name.value;
          if (operation === 'mutation') this.mutationName = type.name.value;
        }
        continue;
      }
      const kind = kinds[definition.kind];
      if (kind !== undefined && 'name' in definition && definition.name) {
        this.#add(definition.name.value, kind, definition as unknown as Declaration);
      }
    }
  }

  #add(name: string, kind: TypeKind, declaration: Declaration): void {
    const entry: TypeEntry = this.types.get(name) ?? {
      ...{ name, kind, fields: new Map(), directives: [] },
      ...{ related: [], values: [] },
    };
    this.types.set(name, entry);
    entry.directives.push(...(declaration.directives ?? []));
    entry.related.push(
      ...[...(declaration.interfaces ?? []), ...(declaration.types ?? [])].map((type) => type.name.value),
    );
    entry.values.push(...(declaration.values ?? []).map((value) => value.name.value));
    for (const node of declaration.fields ?? []) {
      const args = node.kind === Kind.FIELD_DEFINITION ? (node.arguments ?? []) : [];
      const { type, directives = [] } = node;
      entry.fields.set(node.name.value, { name: node.name.value, type, args, directives, node });
    }
  }

  isRoot(typeName: string): boolean {
    return typeName === this.queryName || typeName === this.mutationName;
  }

  isComposite(typeName: string): boolean {
    const kind = this.types.get(typeName)?.kind;
    return kind === 'object' || kind === 'interface' || kind === 'union';
  }

  isAbstract(typeName: string): boolean {
    const kind = this.types.get(typeName)?.kind;
    return kind === 'interface' || kind === 'union';
  }

  /** The object types a value of the type may have. */
  possibleTypes(typeName: string): readonly string[] {
    const entry = this.types.get(typeName);
    if (entry?.kind === 'union') return entry.related;
    if (entry?.kind !== 'interface') return [typeName];
    return [...this.types.values()]
      .filter(({ kind, related }) => kind === 'object' && related.includes(typeName))
      .map(({ name }) => name);
  }
}

interface Declaration {
  readonly directives?: readonly ConstDirectiveNode[];
  readonly interfaces?: readonly NamedTypeNode[];
  readonly types?: readonly NamedTypeNode[];
  readonly values?: readonly EnumValueDefinitionNode[];
  readonly fields?: readonly (FieldDefinitionNode | InputValueDefinitionNode)[];
}
