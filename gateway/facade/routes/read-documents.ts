/**
 * Reads the operation documents: parse, gather by version, validate each version as one document against the API schema
 * plus the facade's directives (facade.md 2.2 and 2.5, rule 1). Fragments are shared by all files of a version.
 */
import {
  extendSchema,
  getLocation,
  GraphQLError,
  Kind,
  parse,
  Source,
  specifiedRules,
  validate,
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Fault } from '../../errors/fault.ts';
import { facadeDirectives } from './facade-directives.ts';
import { rangeOf } from './fault-range.ts';

/** The documents of one version. Operations that do not validate are left out: their faults are reported already. */
export interface VersionDocuments {
  readonly version: string;
  readonly operations: readonly OperationDefinitionNode[];
  /** Names of the operations left out. */
  readonly unsound: readonly string[];
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

export interface ReadDocuments {
  readonly versions: readonly VersionDocuments[];
  /** The API schema with the facade's directives. */
  readonly schema: GraphQLSchema;
  readonly faults: readonly Fault[];
}

/** The folder a file lies in, when it is named like a version (O7). */
export const folderVersion = (file: string): string | undefined =>
  file
    .split('/')
    .slice(0, -1)
    .findLast((folder) => /^v\d+$/.test(folder));

function faultOf(error: GraphQLError, file?: string): Fault {
  const node = error.nodes?.[0];
  const message = error.message.replace(/\.$/, '');
  const place = error.source && error.positions?.[0] !== undefined && getLocation(error.source, error.positions[0]);
  const range =
    rangeOf(node) ??
    (place && file !== undefined
      ? { file, line: place.line, column: place.column, endLine: place.line, endColumn: place.column + 1 }
      : undefined);
  return { code: 'ROUTE_INVALID', severity: 'error', message, ...(range ? { range } : {}) };
}

/** A file whose operations are all commented out declares nothing, and is no mistake. */
const isComment = (text: string): boolean => /^(?:[\s,\uFEFF]|#[^\n\r]*)+$/.test(text) && text.includes('#');

function parseAll(
  documents: readonly { file: string; text: string }[],
  faults: Fault[],
): Map<string, DefinitionNode[]> {
  const byFolder = new Map<string, DefinitionNode[]>();
  for (const { file, text } of documents) {
    if (isComment(text)) continue;
    try {
      const definitions = byFolder.get(folderVersion(file) ?? '') ?? [];
      definitions.push(...parse(new Source(text, file)).definitions);
      byFolder.set(folderVersion(file) ?? '', definitions);
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      faults.push(faultOf(error, file));
    }
  }
  return byFolder;
}

const contains = (definition: DefinitionNode, error: GraphQLError): boolean =>
  (error.nodes ?? []).some(
    ({ loc }) =>
      loc &&
      definition.loc &&
      loc.source === definition.loc.source &&
      loc.start >= definition.loc.start &&
      loc.end <= definition.loc.end,
  );

/** Names of the fragments a definition spreads, directly and through others. */
export function spreadFragments(
  definition: OperationDefinitionNode | FragmentDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): Set<string> {
  const found = new Set<string>();
  const open = [definition.selectionSet];
  for (let set = open.pop(); set; set = open.pop()) {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (fragment && !found.has(selection.name.value)) {
          found.add(selection.name.value);
          open.push(fragment.selectionSet);
        }
      } else if (selection.selectionSet) {
        open.push(selection.selectionSet);
      }
    }
  }
  return found;
}

/** Rules of the specification that are checked in one step: all of them take tens of milliseconds. */
const RULES_PER_STEP = 7;

function* validateVersion(
  schema: GraphQLSchema,
  version: string,
  definitions: readonly DefinitionNode[],
  faults: Fault[],
): Generator<void, VersionDocuments> {
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions };
  const errors: GraphQLError[] = [];
  for (let start = 0; start < specifiedRules.length; start += RULES_PER_STEP) {
    errors.push(...validate(schema, document, specifiedRules.slice(start, start + RULES_PER_STEP), { maxErrors: 100 }));
    yield;
  }
  faults.push(...errors.map((error) => faultOf(error)));

  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const isSound = (definition: DefinitionNode) => !errors.some((error) => contains(definition, error));
  const all = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION) as OperationDefinitionNode[];
  const operations = all.filter(
    (operation) =>
      isSound(operation) && [...spreadFragments(operation, fragments)].every((name) => isSound(fragments.get(name)!)),
  );
  const unsound = all.filter((operation) => !operations.includes(operation)).flatMap(({ name }) => name?.value ?? []);
  return { version, operations, unsound, fragments };
}

/** The version that documents without a folder of their own belong to: the newest folder, or the major of the API. */
export function currentVersion(versions: readonly string[], apiVersion: string | undefined): string {
  const major = `v${/^\d+/.exec(apiVersion ?? '')?.[0] ?? '1'}`;
  const named = versions.filter((version) => version !== '');
  if (named.length === 0 || named.includes(major)) return major;
  return named.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1))).at(-1)!;
}

/** Reads all documents, in steps; `apiVersion` is `info.version`. */
export function* readDocuments(
  documents: readonly { file: string; text: string }[],
  apiSchema: GraphQLSchema,
  apiVersion: string | undefined,
): Generator<void, ReadDocuments & { readonly current: string }> {
  const faults: Fault[] = [];
  // Both are checked before: the schema by who built it, the directives by our tests.
  const schema = extendSchema(apiSchema, parse(facadeDirectives), { assumeValid: true });
  yield;
  const byFolder = parseAll(documents, faults);
  yield;
  const current = currentVersion([...byFolder.keys()], apiVersion);
  const byVersion = new Map<string, DefinitionNode[]>();
  for (const [folder, definitions] of byFolder) {
    const version = folder === '' ? current : folder;
    byVersion.set(version, [...(byVersion.get(version) ?? []), ...definitions]);
  }
  const versions: VersionDocuments[] = [];
  for (const [version, definitions] of byVersion) {
    versions.push(yield* validateVersion(schema, version, definitions, faults));
  }
  return { versions, schema, faults, current };
}
