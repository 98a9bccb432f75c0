/** Reads a subgraph file into its declarations (connectors.md 6). What is wrong goes to the sink; reading goes on. */
import {
  GraphQLError,
  Kind,
  parse,
  Source,
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
} from 'graphql';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { V04Grammar } from '../mapping/versions.ts';
import { checkArguments } from './check-arguments.ts';
import { ConnectorOverrides, overrideDirectives, type ConnectorOverride } from './connector-overrides.ts';
import type { ConnectDeclaration, ConnectorKind, HttpMethod, KeyList, SourceDeclaration, Strict } from './connector.ts';
import type { DeclaredSubgraph } from './declared-subgraph.ts';
import { buildDefinitions, tributaryDirectives } from './definitions.ts';
import type { FaultSink } from './fault-sink.ts';
import {
  argumentOf,
  directiveName,
  findLinks,
  memberOf,
  readConnectLink,
  schemaDirectives,
  stringOf,
  type ConnectLink,
} from './link.ts';
import { requestReferences } from './part-references.ts';
import { readPageRule } from './read-page-rule.ts';
import { compact, PartReader } from './read-parts.ts';
import { readReads } from './read-reads.ts';
import { SchemaIndex } from './schema-index.ts';

const httpMethods: readonly HttpMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

export interface ReadSubgraphSettings {
  /** What is set for single connectors. */
  readonly connectors?: Readonly<Record<string, ConnectorOverride>>;
  readonly v04Grammar?: V04Grammar;
}

/** Undefined when the SDL itself does not parse. */
export function readSubgraph(
  name: string,
  faults: FaultSink,
  { connectors: overrides = {}, v04Grammar = 'unified' }: ReadSubgraphSettings = {},
): DeclaredSubgraph | undefined {
  const document = parseSdl(faults);
  if (!document) return undefined;
  const link = readConnectLink(document, faults, v04Grammar);
  const schema = new SchemaIndex(document);
  const federation = findLinks(document, 'https://specs.apollo.dev/federation/')[0];
  const set = new ConnectorOverrides(overrides);
  const reader = new DeclarationReader(name, link, schema, faults, set);
  const subgraph = {
    name,
    document,
    schema,
    link,
    sources: reader.readSources(document),
    connectors: reader.readConnectors(),
    keyDirective: federation ? directiveName(federation, 'key') : 'key',
  };
  set.reportUnused(name, faults);
  return subgraph;
}

function parseSdl(faults: FaultSink): DocumentNode | undefined {
  try {
    return parse(new Source(faults.source.text, faults.source.file));
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const at = error.positions?.[0] ?? 0;
    const loc = { start: at, end: at + 1 };
    faults.report('GRAPH_QL_ERROR', error.message.replace(/\.$/, ''), { kind: Kind.NAME, value: '', loc } as never);
    return undefined;
  }
}

class DeclarationReader {
  readonly #subgraph: string;
  readonly #link: ConnectLink;
  readonly #schema: SchemaIndex;
  readonly #faults: FaultSink;
  readonly #overrides: ConnectorOverrides;
  readonly #definitions = buildDefinitions();

  constructor(
    subgraph: string,
    link: ConnectLink,
    schema: SchemaIndex,
    faults: FaultSink,
    overrides: ConnectorOverrides,
  ) {
    this.#subgraph = subgraph;
    this.#link = link;
    this.#schema = schema;
    this.#faults = faults;
    this.#overrides = overrides;
  }

  readSources(document: DocumentNode): SourceDeclaration[] {
    const sources: SourceDeclaration[] = [];
    const directives = schemaDirectives(document);
    const own = directives.filter((directive) => this.#checkOwn(directive));
    for (const directive of directives) {
      if (directive.name.value !== this.#link.source || !this.#isSound(directive, 'source')) continue;
      const reader = new PartReader(this.#link.version, this.#faults);
      const http = objectOf(argumentOf(directive, 'http'));
      const parts = reader.readRequestParts(http, argumentOf(directive, 'errors'), argumentOf(directive, 'isSuccess'));
      const baseUrl = reader.readTemplate(memberOf(http, 'baseURL'), 'INVALID_URL');
      const name = stringOf(argumentOf(directive, 'name')) ?? '';
      const mine = own.find((other) => stringOf(argumentOf(other, 'name')) === name);
      const skipsNullKeys = mine && booleanOf(argumentOf(mine, 'skipNullKeys'));
      const strict = strictOf(mine && argumentOf(mine, 'strict'));
      sources.push(compact({ ...parts, name, directive, baseUrl, skipsNullKeys, strict }) as SourceDeclaration);
    }
    for (const directive of own) this.#checkSourceName(directive, sources);
    return sources;
  }

  #checkSourceName(directive: ConstDirectiveNode, sources: readonly SourceDeclaration[]): void {
    const node = argumentOf(directive, 'name')!;
    const name = stringOf(node) ?? '';
    const names = sources.map((source) => source.name);
    if (names.includes(name)) return;
    const message = `There is no source "${name}"`;
    this.#faults.report('SOURCE_NAME_MISMATCH', message, node, didYouMean(name, names));
  }

  readConnectors(): ConnectDeclaration[] {
    const found: ConnectDeclaration[] = [];
    for (const type of this.#schema.types.values()) {
      if (type.kind !== 'object' && type.kind !== 'interface') continue;
      found.push(...this.#readUses(type.directives, type.name));
      for (const field of type.fields.values()) found.push(...this.#readUses(field.directives, type.name, field.name));
    }
    return found;
  }

  #readUses(directives: readonly ConstDirectiveNode[], typeName: string, fieldName?: string): ConnectDeclaration[] {
    const uses = directives.filter(({ name }) => name.value === this.#link.connect);
    const own = directives.filter((directive) => this.#checkOwn(directive));
    for (const directive of own) this.#checkIndex(directive, uses.length);
    return uses.flatMap((directive, index) => {
      if (!this.#isSound(directive, 'connect')) return [];
      const mine = own.filter((other) => intOf(argumentOf(other, 'index'), 0) === index);
      const id = stringOf(argumentOf(directive, 'id'));
      const override = this.#overrides.of({ typeName, fieldName, index, count: uses.length, id });
      if (!override) return [this.#readConnect(directive, mine, index, typeName, fieldName)];
      const added = overrideDirectives(override, index, this.#faults).filter((other) => this.#checkOwn(other));
      const declaration = this.#readConnect(directive, [...added, ...mine], index, typeName, fieldName);
      return [{ ...declaration, ...overriddenMembers(override) }];
    });
  }

  #readConnect(
    directive: ConstDirectiveNode,
    own: readonly ConstDirectiveNode[],
    index: number,
    typeName: string,
    fieldName: string | undefined,
  ): ConnectDeclaration {
    const reader = new PartReader(this.#link.version, this.#faults);
    const http = objectOf(argumentOf(directive, 'http'));
    const parts = reader.readRequestParts(http, argumentOf(directive, 'errors'), argumentOf(directive, 'isSuccess'));
    const methods = httpMethods.flatMap((method) => {
      const node = memberOf(http, method);
      return node ? [compact({ method, node, template: reader.readTemplate(node, 'INVALID_URL') })] : [];
    });
    const sourceName = argumentOf(directive, 'source');
    const batch = argumentOf(directive, 'batch');
    const isEntity = argumentOf(directive, 'entity');
    const keyList = own.find(({ name }) => name.value === 'tributaryKeyList');
    const page = own.find(({ name }) => name.value === 'tributaryPage');
    const connect = own.find(({ name }) => name.value === 'tributaryConnect');
    const reads = readReads(
      own.filter(({ name }) => name.value === 'tributaryRead'),
      this.#faults,
    );
    const skips = connect && argumentOf(connect, 'skipNullKeys');
    const place = fieldName === undefined ? typeName : `${typeName}.${fieldName}`;
    const declaration = compact({
      ...parts,
      kind: 'root' as ConnectorKind,
      typeName,
      fieldName,
      index,
      id: stringOf(argumentOf(directive, 'id')),
      coordinate: `${this.#subgraph}:${place}[${index}]`,
      directive,
      sourceName: sourceName?.kind === Kind.STRING ? sourceName : undefined,
      methods,
      body: reader.readMapping(memberOf(http, 'body'), 'INVALID_BODY'),
      selection: reader.readMapping(argumentOf(directive, 'selection'), 'INVALID_SELECTION'),
      batch: batch && batch.kind !== Kind.NULL ? readBatch(batch) : undefined,
      isEntity: booleanOf(isEntity),
      keyList: keyList && this.#readKeyList(keyList, reader),
      page: page && readPageRule(page, reader, this.#faults),
      reads: reads.length === 0 ? undefined : reads,
      skipsNullKeys: booleanOf(skips),
      strict: strictOf(connect && argumentOf(connect, 'strict')),
    }) as Omit<ConnectDeclaration, 'isFaulty'>;
    const isFaulty = reader.hasFailed;
    return { ...declaration, isFaulty, kind: this.#kindOf({ ...declaration, isFaulty }) };
  }

  #kindOf(declaration: ConnectDeclaration): ConnectorKind {
    const { typeName, fieldName, isEntity } = declaration;
    if (fieldName === undefined) {
      return requestReferences(declaration).some(({ reference }) => reference.variable === '$batch') ? 'batch' : 'type';
    }
    if (!this.#schema.isRoot(typeName)) return 'field';
    return isEntity === true && typeName === this.#schema.queryName ? 'entity' : 'root';
  }

  #readKeyList(directive: ConstDirectiveNode, reader: PartReader): KeyList | undefined {
    const code = 'INVALID_TRIBUTARY_ARGUMENT';
    const get = reader.readTemplate(argumentOf(directive, 'GET'), code);
    const written = argumentOf(directive, 'items') ?? wholeBody;
    const items = reader.readMapping(written, code);
    const itemKey = reader.readMapping(argumentOf(directive, 'itemKey'), code);
    if (!get || !items) return undefined;
    const style = argumentOf(directive, 'style');
    const maxSize = argumentOf(directive, 'maxSize');
    const joins = argumentOf(directive, 'joins');
    if (style && stringOf(style) !== 'comma' && stringOf(style) !== 'repeat') {
      const hint = didYouMean(stringOf(style) ?? '', ['comma', 'repeat']);
      this.#faults.report(code, `Unknown style "${stringOf(style) ?? ''}" of a key list`, style, hint);
    }
    if (maxSize && intOf(maxSize, 0) < 1) this.#faults.report(code, '"maxSize" must be at least 1', maxSize);
    return compact({
      directive,
      get,
      param: stringOf(argumentOf(directive, 'param')) ?? '',
      items,
      itemKey,
      style: stringOf(style) === 'repeat' ? ('repeat' as const) : ('comma' as const),
      maxSize: Math.max(intOf(maxSize, 100), 1),
      joins: booleanOf(joins) ?? false,
    });
  }

  #isSound(directive: ConstDirectiveNode, name: 'source' | 'connect'): boolean {
    return checkArguments(directive, this.#definitions.getDirective(name)!, 'GRAPH_QL_ERROR', this.#faults);
  }

  /** Whether a directive is one of Tributary's own and rightly used; unknown ones of our prefix are reported. */
  #checkOwn(directive: ConstDirectiveNode): boolean {
    const name = directive.name.value;
    if (!name.startsWith('tributary')) return false;
    const definition = this.#definitions.getDirective(name);
    const code = 'INVALID_TRIBUTARY_ARGUMENT';
    if (definition) {
      if (!checkArguments(directive, definition, code, this.#faults)) return false;
      return this.#hasKnownMode(directive);
    }
    this.#faults.report(code, `Unknown directive "@${name}"`, directive, didYouMean(name, tributaryDirectives));
    return false;
  }

  #hasKnownMode(directive: ConstDirectiveNode): boolean {
    const strict = argumentOf(directive, 'strict');
    if (!strict || strictOf(strict) !== undefined) return true;
    const written = stringOf(strict) ?? '';
    const hint = didYouMean(written, strictModes);
    this.#faults.report('INVALID_TRIBUTARY_ARGUMENT', `Unknown value "${written}" of strict`, strict, hint);
    return false;
  }

  #checkIndex(directive: ConstDirectiveNode, count: number): void {
    const index = intOf(argumentOf(directive, 'index'), 0);
    if (index >= 0 && index < count) return;
    const message = `@${directive.name.value} means @connect number ${index}, but there are ${count} here`;
    this.#faults.report('INVALID_TRIBUTARY_ARGUMENT', message, directive, '"index" counts from 0');
  }
}

/** What of an override is a plain value. */
function overriddenMembers(override: ConnectorOverride): Partial<ConnectDeclaration> {
  const { strict, skipNullKeys, isNotFoundNull, isIdempotent, hasOwnBreaker, isShared, variant } = override;
  return compact({
    strict,
    skipsNullKeys: skipNullKeys,
    isNotFoundNull,
    isIdempotent,
    hasOwnBreaker,
    isShared,
    variant,
  });
}

const wholeBody: ConstValueNode = { kind: Kind.STRING, value: '$' };

const strictModes: readonly Strict[] = ['none', 'required', 'all'];

const strictOf = (node: ConstValueNode | undefined): Strict | undefined =>
  strictModes.find((mode) => mode === stringOf(node));

const objectOf = (node: ConstValueNode | undefined) => (node?.kind === Kind.OBJECT ? node : undefined);

const booleanOf = (node: ConstValueNode | undefined): boolean | undefined =>
  node?.kind === Kind.BOOLEAN ? node.value : undefined;

const intOf = (node: ConstValueNode | undefined, fallback: number): number =>
  node?.kind === Kind.INT ? Number(node.value) : fallback;

function readBatch(node: ConstValueNode): { node: ConstValueNode; maxSize?: number } {
  const maxSize = memberOf(objectOf(node), 'maxSize');
  return maxSize?.kind === Kind.INT ? { node, maxSize: Number(maxSize.value) } : { node };
}
