/**
 * What one operation declares, as written: directive values with their nodes, and what claims which variable. The boot
 * rules read declarations; routes are compiled from them once no rule complains (facade.md 2.2, 2.3).
 */
import {
  getDirectiveValues,
  getNamedType,
  isInputObjectType,
  isNonNullType,
  Kind,
  typeFromAST,
  valueFromASTUntyped,
  type ASTNode,
  type ConstDirectiveNode,
  type ConstValueNode,
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { Json } from '../contract.ts';
import { readQueryParameter, readTemplate, type Segment } from './route-template.ts';
import type { Binding, CacheRule, FieldShape, HttpMethod } from './route.ts';
import type { VersionDocuments } from './read-documents.ts';
import { ShapeBuilder } from './selection-shape.ts';

export interface HttpValues {
  readonly method: HttpMethod;
  readonly route: string;
  readonly queryParameters?: readonly string[];
  readonly success?: number;
  readonly result?: string;
  readonly location?: string;
  readonly outcomes?: readonly { type?: string; code?: string; status: number; problem?: string }[];
  readonly partial: 'FAIL' | 'ON_REQUEST' | 'ALLOW';
  readonly hide: boolean;
  readonly passthrough: boolean;
  readonly expose: boolean;
}

export interface PageValues {
  readonly style: 'CURSOR' | 'OFFSET';
  readonly items: string;
  readonly info?: string;
  readonly total?: string;
  readonly size: string;
  readonly cursor: string;
  readonly max: number;
}

export interface AsyncValues {
  readonly job: string;
  readonly state: string;
  readonly running: readonly string[];
  readonly done: readonly string[];
  readonly failed?: readonly string[];
  readonly result?: string;
  readonly resultId: string;
  readonly error?: string;
  readonly retryAfter: number;
}

/** A directive of the operation: its checked values, and where it stands. */
export interface Written<Values> {
  readonly values: Values;
  readonly node: ConstDirectiveNode | DirectiveNode;
}

/** A variable, or a place inside one, that something on the wire fills. */
export interface Claim extends Binding {
  /** In words, for messages: `the path`, `@query`. */
  readonly by: string;
  readonly node: ASTNode;
}

export interface Declaration {
  readonly name: string;
  readonly version: string;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly isMutation: boolean;
  readonly http: Written<HttpValues>;
  readonly resource?: Written<{ type: string; key: readonly string[]; version?: string }>;
  readonly collection?: Written<{ of: string; page?: PageValues }>;
  readonly guard?: Written<{ ifMatch: boolean }>;
  readonly idempotent?: Written<{ required: boolean; ttl: string }>;
  readonly cache?: Written<CacheRule>;
  readonly lifecycle?: Written<{ version?: string; deprecated?: string; sunset?: string; successor?: string }>;
  readonly rels?: Written<{ add: readonly { rel: string; to: string; args?: string; when?: string }[] }>;
  readonly async?: Written<{ rule?: AsyncValues }>;
  /** The parsed template, or why it is not one. */
  readonly segments: readonly Segment[] | string;
  readonly claims: readonly Claim[];
  /** Entries of `queryParameters` that do not read. */
  readonly badQueryParameters: readonly string[];
  readonly rootFields: readonly FieldNode[];
  /** The shape of the first root field. */
  readonly root: FieldShape;
  /** Keys from the root field to the representation. */
  readonly resultPath: readonly string[];
}

/** The node of an argument of a directive, or of the directive itself when it has no such argument. */
export const argumentNode = (node: Written<unknown>['node'], name: string): ASTNode =>
  node.arguments?.find((argument) => argument.name.value === name)?.value ?? node;

const bodyMethods: ReadonlySet<HttpMethod> = new Set(['POST', 'PUT', 'PATCH']);

/** The type at a path of input fields; undefined where there is no such field. */
function inputTypeAt(type: GraphQLInputType, path: readonly string[]): GraphQLInputType | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return type;
  const named = getNamedType(type);
  const field = isInputObjectType(named) ? named.getFields()[name] : undefined;
  return field && inputTypeAt(field.type, rest);
}

const readDefault = (node: ConstValueNode): Json => valueFromASTUntyped(node) as Json;

class ClaimReader {
  readonly claims: Claim[] = [];
  readonly badQueryParameters: string[] = [];
  readonly #schema: GraphQLSchema;
  readonly #variables: ReadonlyMap<string, VariableDefinitionNode>;

  constructor(schema: GraphQLSchema, operation: OperationDefinitionNode) {
    this.#schema = schema;
    this.#variables = new Map((operation.variableDefinitions ?? []).map((node) => [node.variable.name.value, node]));
  }

  #values(name: string, node: VariableDefinitionNode): Record<string, unknown> | undefined {
    return getDirectiveValues(this.#schema.getDirective(name)!, node);
  }

  #add(
    from: Binding['from'],
    by: string,
    name: string,
    variable: string,
    path: readonly string[],
    node: ASTNode,
    split = true,
  ): void {
    const definition = this.#variables.get(variable);
    const whole = definition && (typeFromAST(this.#schema, definition.type) as GraphQLInputType | undefined);
    const type = whole && inputTypeAt(whole, path);
    if (!definition || !type) return;
    const example = this.#values('example', definition)?.['value'] as Json | undefined;
    const hasDefault = definition.defaultValue !== undefined && path.length === 0;
    const description = path.length === 0 ? this.#describe(definition) : undefined;
    this.claims.push({
      from,
      by,
      name,
      variable,
      path,
      type,
      split,
      node,
      required: isNonNullType(type) && !hasDefault,
      ...(hasDefault ? { defaultValue: readDefault(definition.defaultValue) } : {}),
      ...(example === undefined ? {} : { example }),
      ...(description === undefined ? {} : { description }),
    });
  }

  #describe(definition: VariableDefinitionNode): string | undefined {
    return definition.description?.value;
  }

  read(http: HttpValues, httpNode: Written<unknown>['node'], segments: readonly Segment[]): void {
    for (const segment of segments) {
      if (segment.kind === 'parameter') {
        this.#add('path', 'the path', segment.name, segment.variable, segment.path, argumentNode(httpNode, 'route'));
      }
    }
    for (const text of http.queryParameters ?? []) {
      const entry = readQueryParameter(text);
      const place = entry && this.#variables.get(entry.variable);
      if (!entry || !place) this.badQueryParameters.push(text);
      else {
        const node = argumentNode(httpNode, 'queryParameters');
        this.#add('query', '"queryParameters"', entry.name, entry.variable, entry.path, node);
      }
    }
    for (const [variable, node] of this.#variables) this.#readVariable(variable, node);
    this.#readLeftOvers(http.method);
  }

  #readVariable(variable: string, node: VariableDefinitionNode): void {
    if (this.#values('body', node)) this.#add('body', '@body', variable, variable, [], node);
    const query = this.#values('query', node);
    if (query) {
      this.#add(
        'query',
        '@query',
        (query['name'] as string | undefined) ?? variable,
        variable,
        [],
        node,
        query['split'] !== false,
      );
    }
    const header = this.#values('header', node);
    if (header) this.#add('header', '@header', String(header['name']).toLowerCase(), variable, [], node);
  }

  #readLeftOvers(method: HttpMethod): void {
    const taken = new Set(this.claims.map((claim) => claim.variable));
    for (const [variable, node] of this.#variables) {
      if (taken.has(variable)) continue;
      if (method === 'GET' && variable.startsWith('embed_')) {
        this.#add('embed', '"embed"', variable.slice('embed_'.length), variable, [], node);
        continue;
      }
      if (bodyMethods.has(method)) this.#add('property', 'the body', variable, variable, [], node);
      else this.#add('query', 'the query', variable, variable, [], node);
    }
  }
}

/** Reads an operation; undefined when it has no `@http`, no name or no composite root (validation reports the rest). */
export function readDeclaration(
  schema: GraphQLSchema,
  documents: VersionDocuments,
  operation: OperationDefinitionNode,
): Declaration | undefined {
  const written = <Values>(name: string): Written<Values> | undefined => {
    const node = operation.directives?.find((directive) => directive.name.value === name);
    const values = node && getDirectiveValues(schema.getDirective(name)!, operation);
    return node && values ? { values: values as Values, node } : undefined;
  };
  const http = written<HttpValues>('http');
  const rootType = schema.getRootType(operation.operation);
  if (!http || !operation.name || !rootType) return undefined;

  const segments = readTemplate(http.values.route);
  const reader = new ClaimReader(schema, operation);
  reader.read(http.values, http.node, typeof segments === 'string' ? [] : segments);
  const shape = new ShapeBuilder(schema, documents.fragments).build(rootType, [operation.selectionSet]);
  const rootShapes = [...shape.variants.get(rootType.name)!.fields.values()];
  const rootFields = operation.selectionSet.selections.filter((selection) => selection.kind === Kind.FIELD);
  const root = rootShapes[0]!;
  const lifecycle = written<NonNullable<Declaration['lifecycle']>['values']>('lifecycle');
  const optional = (name: keyof Declaration) => {
    const found = written(name);
    return found ? { [name]: found } : {};
  };
  return {
    name: operation.name.value,
    version: lifecycle?.values.version ?? documents.version,
    operation,
    fragments: documents.fragments,
    isMutation: operation.operation === 'mutation',
    http,
    segments,
    claims: reader.claims,
    badQueryParameters: reader.badQueryParameters,
    rootFields,
    root,
    resultPath: http.values.result?.split('.') ?? [root.key],
    ...optional('resource'),
    ...optional('collection'),
    ...optional('guard'),
    ...optional('idempotent'),
    ...optional('cache'),
    ...optional('lifecycle'),
    ...optional('rels'),
    ...optional('async'),
  };
}
