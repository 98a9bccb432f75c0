/** Which connect version a file links, and under which names its parts go (connectors.md 5, 6.2). */
import {
  Kind,
  type ConstDirectiveNode,
  type ConstObjectValueNode,
  type ConstValueNode,
  type DocumentNode,
  type StringValueNode,
} from 'graphql';
import type { MappingVersion, V04Grammar } from '../mapping/versions.ts';
import type { FaultSink } from './fault-sink.ts';

export interface Link {
  readonly directive: ConstDirectiveNode;
  readonly url: StringValueNode;
  /** Name in the specification (with `@` for directives) to name in the file. */
  readonly imports: ReadonlyMap<string, string>;
  readonly prefix: string;
}

export interface ConnectLink {
  /** How its mappings are read. */
  readonly version: MappingVersion;
  /** The file links v0.4, by whichever of its grammars it is read. */
  readonly isV04: boolean;
  /** Names of the directives in this file, without `@`. */
  readonly source: string;
  readonly connect: string;
  /** Undefined when the file has no connect link. */
  readonly link?: Link;
  /** Whether a definition in the file is a copy of one of the specification. */
  isOwnDefinition(name: string): boolean;
  /** The specification's name of a type that the file may call by another. */
  specTypeOf(name: string): string;
}

const knownVersions = ['0.1', '0.2', '0.3', '0.4'] as const;
const connectUrl = 'https://specs.apollo.dev/connect/';
const connectTypes = [
  ...['JSONSelection', 'URLTemplate', 'URLPathTemplate', 'ConnectorErrors', 'HTTPHeaderMapping'],
  ...['ConnectBatch', 'SourceHTTP', 'ConnectHTTP'],
];

/** The directives of the schema itself, definition and extensions. */
export function schemaDirectives(document: DocumentNode): ConstDirectiveNode[] {
  return document.definitions.flatMap((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
      ? [...(definition.directives ?? [])]
      : [],
  );
}

export const argumentOf = (directive: ConstDirectiveNode, name: string): ConstValueNode | undefined =>
  directive.arguments?.find((argument) => argument.name.value === name)?.value;

export const memberOf = (object: ConstObjectValueNode | undefined, name: string): ConstValueNode | undefined =>
  object?.fields.find((field) => field.name.value === name)?.value;

export const stringOf = (node: ConstValueNode | undefined): string | undefined =>
  node?.kind === Kind.STRING ? node.value : undefined;

/** Every `@link` whose URL starts so. */
export function findLinks(document: DocumentNode, urlStart: string): Link[] {
  return schemaDirectives(document)
    .filter(({ name }) => name.value === 'link')
    .flatMap((directive) => {
      const url = argumentOf(directive, 'url');
      if (url?.kind !== Kind.STRING || !url.value.startsWith(urlStart)) return [];
      const name = url.value.split('/').at(-2) ?? '';
      const prefix = stringOf(argumentOf(directive, 'as')) ?? name;
      return [{ directive, url, imports: readImports(argumentOf(directive, 'import')), prefix }];
    });
}

function readImports(node: ConstValueNode | undefined): Map<string, string> {
  const imports = new Map<string, string>();
  for (const item of node?.kind === Kind.LIST ? node.values : []) {
    if (item.kind === Kind.STRING) imports.set(item.value, item.value);
    if (item.kind !== Kind.OBJECT) continue;
    const name = stringOf(memberOf(item, 'name'));
    if (name !== undefined) imports.set(name, stringOf(memberOf(item, 'as')) ?? name);
  }
  return imports;
}

/** The name of a directive under a link: as imported, else with the link's prefix. */
export const directiveName = ({ imports, prefix }: Link, name: string): string =>
  imports.get(`@${name}`)?.slice(1) ?? `${prefix}__${name}`;

/** The file's connect link; without one the names are those of the specification, and the version is 0.3. */
export function readConnectLink(document: DocumentNode, faults: FaultSink, grammar: V04Grammar): ConnectLink {
  const link = findLinks(document, connectUrl)[0];
  if (!link) {
    const isOwnDefinition = () => false;
    const names = { source: 'source', connect: 'connect', specTypeOf: (name: string) => name };
    return { version: '0.3', isV04: false, isOwnDefinition, ...names };
  }
  const written = link.url.value.slice(connectUrl.length);
  const version = knownVersions.find((known) => written === `v${known}`);
  if (version === undefined) {
    const message = `Unknown version "${written}" of connect`;
    faults.report('UNKNOWN_CONNECTORS_VERSION', message, link.url, 'Known versions: v0.1, v0.2, v0.3, v0.4');
  }
  const typeNames = new Map(
    connectTypes.flatMap((name) => [
      [link.imports.get(name) ?? name, name],
      [`${link.prefix}__${name}`, name],
    ]),
  );
  const isV04 = (version ?? '0.4') === '0.4';
  return {
    version: isV04 && grammar === 'preview' ? '0.4-preview' : (version ?? '0.4'),
    isV04,
    source: directiveName(link, 'source'),
    connect: directiveName(link, 'connect'),
    link,
    isOwnDefinition: (name) => typeNames.has(name),
    specTypeOf: (name) => typeNames.get(name) ?? name,
  };
}
