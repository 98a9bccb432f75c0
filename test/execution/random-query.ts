/** Queries out of random choices, over any schema: aliases, fragments, variables, @skip and @include, abstract types. */
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { isOfMedia, type Choose } from './random-graph/graph-model.ts';

export interface RandomQuery {
  readonly text: string;
  readonly variables: Record<string, unknown>;
}

export function createRandomQuery(schema: GraphQLSchema, choose: Choose): RandomQuery {
  const writer = new Writer(schema, choose);
  const mutationType = choose(6) === 0 ? schema.getMutationType() : undefined;
  const queryType = schema.getQueryType()!;
  const body = mutationType
    ? writer.steps(mutationType)
    : choose(5) === 0
      ? writer.sameLeaves(queryType)
      : writer.selection(queryType, 0);
  const parts = [body, ...writer.fragments].join('\n');
  const { variables, definitions } = variablesFor(parts, choose);
  const kind = mutationType ? 'mutation' : 'query';
  const head = definitions.length === 0 ? kind : `${kind} (${definitions.join(', ')})`;
  return { text: `${head} ${parts}`, variables };
}

/** A query for entities of a type, with some representations. */
export function createRandomEntityQuery(schema: GraphQLSchema, typeName: string, choose: Choose): RandomQuery {
  const writer = new Writer(schema, choose);
  const type = schema.getType(typeName);
  if (!isObjectType(type)) throw new TypeError(`${typeName} is no object type`);
  const body = `_entities(representations: $representations) { ... on ${typeName} ${writer.selection(type, 1)} }`;
  const parts = [`{ ${body} }`, ...writer.fragments].join('\n');
  const { variables, definitions } = variablesFor(parts, choose);
  const representations = Array.from({ length: 1 + choose(4) }, () => ({ __typename: typeName, id: `${choose(4)}` }));
  const head = `query (${['$representations: [_Any!]!', ...definitions].join(', ')})`;
  return { text: `${head} ${parts}`, variables: { ...variables, representations } };
}

/** Variables that nothing uses do not validate, so only those that are used are declared. */
function variablesFor(parts: string, choose: Choose) {
  const variables: Record<string, unknown> = { yes: choose(2) === 0, no: choose(2) === 0, by: choose(5) };
  variables['options'] = [null, { mood: 'GRIM' }, { by: 4, names: ['x', 'y'], inner: { by: null } }][choose(3)]!;
  if (choose(2) === 0) variables['other'] = choose(2) === 0;
  const definitions = [
    'yes: Boolean!',
    'no: Boolean!',
    'other: Boolean! = true',
    'by: Int',
    'many: Int = 3',
    'options: Options',
  ]
    .filter((definition) => new RegExp(`\\$${definition.split(':')[0]!}\\b`).test(parts))
    .map((definition) => `$${definition}`);
  return { variables, definitions };
}

class Writer {
  readonly fragments: string[] = [];
  readonly #schema: GraphQLSchema;
  readonly #choose: Choose;
  #aliases = 0;

  constructor(schema: GraphQLSchema, choose: Choose) {
    this.#schema = schema;
    this.#choose = choose;
  }

  selection(type: GraphQLCompositeType, depth: number): string {
    const count = 1 + this.#choose(depth === 0 ? 3 : 4);
    const parts: string[] = [];
    for (let index = 0; index < count; index++) parts.push(this.#part(type, depth));
    return `{ ${parts.join(' ')} }`;
  }

  /** The same leaves of objects of one type, at several places: where they are the same objects, gateways may ask once. */
  sameLeaves(root: GraphQLObjectType): string {
    const places = Object.values(root.getFields()).filter(({ type }) => isObjectType(getNamedType(type)));
    const type = this.#pick(places.map((place) => getNamedType(place.type) as GraphQLObjectType));
    const leaves = Object.values(type.getFields()).filter((field) => !isCompositeType(getNamedType(field.type)));
    const below = Array.from({ length: 1 + this.#choose(4) }, () => this.#field(this.#pick(leaves), type.name, 5));
    const ofType = places.filter((place) => getNamedType(place.type) === type);
    const parts = Array.from({ length: 2 + this.#choose(3) }, () => {
      const place = this.#pick(ofType);
      return `s${this.#aliases++}: ${place.name}${this.#args(place)} { ${below.join(' ')} }`;
    });
    return `{ ${parts.join(' ')} }`;
  }

  /** Fields of a mutation, of which the order counts. */
  steps(type: GraphQLObjectType): string {
    const fields = Object.values(type.getFields());
    const parts = Array.from({ length: 1 + this.#choose(4) }, () => {
      const field = this.#pick(fields);
      const below = isCompositeType(getNamedType(field.type))
        ? ` ${this.selection(getNamedType(field.type) as GraphQLCompositeType, 2)}`
        : '';
      return `s${this.#aliases++}: ${field.name}${below}`;
    });
    return `{ ${parts.join(' ')} }`;
  }

  #part(type: GraphQLCompositeType, depth: number): string {
    const kind = this.#choose(12);
    if (kind === 0) return this.#typename();
    if (depth < 6 && (kind <= 2 || (isAbstractType(type) && kind <= 7))) return this.#fragment(type, depth);
    const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
    const usable = fields.filter((field) => depth < 5 || !isCompositeType(getNamedType(field.type)));
    if (usable.length === 0) return '__typename';
    return this.#field(this.#pick(usable), type.name, depth);
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[this.#choose(items.length)]!;
  }

  #typename(): string {
    return this.#choose(2) === 0 ? '__typename' : `t${this.#aliases++}: __typename`;
  }

  #field(field: GraphQLField<unknown, unknown>, parent: string, depth: number): string {
    const type = getNamedType(field.type);
    const args = this.#args(field);
    const isText = String(field.type) === 'String';
    // "z" may come from different fields of different types, which planners have to keep apart. (Below an interface that is an
    // object elsewhere the planner does not: docs/explanation/planning.md.)
    const shared = isText && this.#choose(5) === 0 && !isOfMedia(parent) ? 'z: ' : '';
    const isAliased = args !== '' || this.#choose(4) === 0;
    const alias = shared !== '' ? shared : isAliased ? `a${this.#aliases++}: ` : '';
    const below = isCompositeType(type) ? ` ${this.selection(type, depth + 1)}` : '';
    return `${alias}${field.name}${args}${this.#condition()}${below}`;
  }

  #args(field: GraphQLField<unknown, unknown>): string {
    const [argument] = field.args;
    if (argument === undefined) return '';
    const isInput = isInputObjectType(getNamedType(argument.type));
    const values = isInput
      ? ['', '$options', '{ by: $by, mood: CALM }', '{ names: ["a"], inner: { by: $many } }']
      : ['', '1', '2', '$by', '$many'];
    const value = this.#pick(values);
    return value === '' ? '' : `(${argument.name}: ${value})`;
  }

  #fragment(type: GraphQLCompositeType, depth: number): string {
    const possible = isAbstractType(type) ? [...this.#schema.getPossibleTypes(type)] : [type];
    const condition = this.#pick(possible);
    const body = this.selection(condition, depth + (isAbstractType(type) ? 0 : 1));
    const how = this.#choose(4);
    if (how === 0 && condition === type) return `...${this.#condition()} ${body}`;
    if (how === 1) {
      const name = `F${this.fragments.length}`;
      this.fragments.push(`fragment ${name} on ${condition.name} ${body}`);
      return `...${name}${this.#condition()}`;
    }
    return `... on ${condition.name}${this.#condition()} ${body}`;
  }

  #condition(): string {
    const conditions = ['@skip(if: $no)', '@include(if: $yes)', '@include(if: $other)', '@skip(if: true)'];
    return this.#choose(6) === 0 ? ` ${this.#pick(conditions)}` : '';
  }
}
