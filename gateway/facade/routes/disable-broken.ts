/**
 * Routes that no longer fit after a change of the graph are switched off, alone (facade.md 2.4, O1): their operations are
 * taken out of the documents, with the fragments that broke them, and everything else stays where it is.
 */
import {
  GraphQLError,
  Kind,
  parse,
  Source,
  valueFromASTUntyped,
  type DefinitionNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
} from 'graphql';
import type { Fault, Range } from '../../errors/fault.ts';
import { rangeOf } from './fault-range.ts';
import { folderVersion, spreadFragments } from './read-documents.ts';
import type { HttpMethod } from './route.ts';
import { readTemplate, type Segment } from './route-template.ts';

export interface Document {
  readonly file: string;
  readonly text: string;
}

/** A route that is declared and cannot be served. */
export interface DisabledRoute {
  readonly operation: string;
  readonly method: HttpMethod;
  readonly route: string;
  readonly segments: readonly Segment[];
  /** The folder of its version; undefined in documents of the current one. */
  readonly folder: string | undefined;
  readonly file: string;
  readonly line: number;
  /** Why, in sentences. */
  readonly reasons: readonly string[];
}

export interface WithoutBroken {
  /** The same files; what was taken out is blank, so that places stay. */
  readonly documents: readonly Document[];
  readonly disabled: readonly DisabledRoute[];
}

/** Undefined when a fault belongs to no operation: then nothing can be saved. */
export function disableBroken(documents: readonly Document[], faults: readonly Fault[]): WithoutBroken | undefined {
  const definitions = parseDefinitions(documents);
  if (definitions === undefined) return undefined;
  const reasons = new Map<DefinitionNode, string[]>();
  for (const { range, message } of faults) {
    const owner = range && definitions.find((definition) => isWithin(range, rangeOf(definition)));
    if (owner === undefined) return undefined;
    reasons.set(owner, [...(reasons.get(owner) ?? []), message]);
  }
  const fragments = new Map(definitions.filter(isFragment).map((fragment) => [fragment.name.value, fragment]));
  for (const operation of definitions.filter(isOperation)) {
    for (const name of spreadFragments(operation, fragments)) {
      const inherited = reasons.get(fragments.get(name)!) ?? [];
      if (inherited.length > 0) reasons.set(operation, [...(reasons.get(operation) ?? []), ...inherited]);
    }
  }
  const disabled: DisabledRoute[] = [];
  for (const [definition, why] of reasons) {
    if (!isOperation(definition)) continue;
    const route = describeRoute(definition, why);
    if (route === undefined) return undefined;
    disabled.push(route);
  }
  const left = documents.map((document) => blank(document, [...reasons.keys()]));
  // GraphQL has no empty document.
  return { documents: left.filter(({ text }) => /^(?!\s*#).*\S/m.test(text)), disabled };
}

const isOperation = (node: DefinitionNode): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION;
const isFragment = (node: DefinitionNode): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION;

function parseDefinitions(documents: readonly Document[]): DefinitionNode[] | undefined {
  try {
    return documents.flatMap(({ file, text }) => parse(new Source(text, file)).definitions);
  } catch (error) {
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
}

function isWithin(inner: Range, outer: Range | undefined): boolean {
  if (outer === undefined || inner.file !== outer.file) return false;
  const isAfterStart = inner.line > outer.line || (inner.line === outer.line && inner.column >= outer.column);
  const isBeforeEnd = inner.line < outer.endLine || (inner.line === outer.endLine && inner.column < outer.endColumn);
  return isAfterStart && isBeforeEnd;
}

/** Undefined where the operation does not say its route. */
function describeRoute(operation: OperationDefinitionNode, reasons: readonly string[]): DisabledRoute | undefined {
  const http = operation.directives?.find(({ name }) => name.value === 'http');
  const written = (name: string): unknown => {
    const value = http?.arguments?.find((argument) => argument.name.value === name)?.value;
    return value && valueFromASTUntyped(value);
  };
  const [method, route] = [written('method'), written('route')];
  const range = rangeOf(operation);
  if (typeof method !== 'string' || typeof route !== 'string' || range === undefined) return undefined;
  const segments = readTemplate(route);
  if (typeof segments === 'string') return undefined;
  const { file, line } = range;
  const name = operation.name?.value ?? '';
  return {
    operation: name,
    method: method as HttpMethod,
    route,
    segments,
    folder: folderVersion(file),
    file,
    line,
    reasons,
  };
}

function blank({ file, text }: Document, taken: readonly DefinitionNode[]): Document {
  let left = text;
  for (const { loc } of taken) {
    if (loc?.source.name !== file) continue;
    left = left.slice(0, loc.start) + left.slice(loc.start, loc.end).replace(/[^\n]/g, ' ') + left.slice(loc.end);
  }
  return { file, text: left };
}
