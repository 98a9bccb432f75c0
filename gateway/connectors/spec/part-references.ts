/** The variables a connector reads, part by part, with the place of each (connectors.md 7, 11.1). */
import type { StringValueNode } from 'graphql';
import { collectReferences, type Reference } from '../mapping/references.ts';
import type { MappingNode } from '../mapping/ast.ts';
import type { ConnectDeclaration, KeyList, MappingPart, PageRule, RequestParts } from './connector.ts';
import type { Template } from './template.ts';

export interface PartReference {
  readonly reference: Reference;
  /** The string literal it stands in, and where its mapping begins there. */
  readonly node: StringValueNode;
  readonly offset: number;
  /** Read in the path of the URL. */
  readonly isInPath: boolean;
}

export interface PartMapping {
  readonly tree: MappingNode;
  readonly node: StringValueNode;
  readonly offset: number;
  readonly isInPath: boolean;
  /** The code of the part, for what is wrong in it (13.1). */
  readonly code: string;
  /** Where the part has no code of its own for a variable that is not legal there (13.1). */
  readonly variableCode?: string;
}

const ofPart = (part: MappingPart | undefined, code: string, isInPath = false): PartMapping[] =>
  part ? [{ tree: part.tree, node: part.node, offset: 0, isInPath, code }] : [];

/** The holes of a template; those of a URL before its `?` belong to the path. */
export function ofTemplate(template: Template | undefined, code: string, isUrl: boolean): PartMapping[] {
  let isInPath = isUrl;
  return (template?.pieces ?? []).flatMap((piece) => {
    if (typeof piece !== 'string') return [{ ...piece, node: template!.node, isInPath, code }];
    if (piece.includes('?')) isInPath = false;
    return [];
  });
}

/** Path, query parameters and headers: what `@source` and `@connect` both have. */
export const sharedRequestMappings = (parts: RequestParts): PartMapping[] => [
  ...ofPart(parts.path, 'INVALID_URL_PROPERTY', true),
  ...ofPart(parts.queryParams, 'INVALID_URL_PROPERTY'),
  ...parts.headers.flatMap(({ value }) => ofTemplate(value, 'INVALID_HEADER', false)),
];

/** Everything that is read to build the request of a connector. */
export const requestMappings = (connector: ConnectDeclaration): PartMapping[] => [
  ...connector.methods.flatMap(({ template }) => ofTemplate(template, 'INVALID_URL', true)),
  ...sharedRequestMappings(connector),
  ...ofPart(connector.body, 'INVALID_BODY'),
];

export const selectionMappings = (connector: ConnectDeclaration): PartMapping[] =>
  ofPart(connector.selection, 'INVALID_SELECTION');

/** What is read when the response is there, save the selection. */
export const responseMappings = (parts: RequestParts): PartMapping[] => [
  ...ofPart(parts.errorsMessage, 'INVALID_ERRORS_MESSAGE'),
  ...ofPart(parts.errorsExtensions, 'INVALID_ERRORS_MESSAGE').map((part) => ({
    ...part,
    variableCode: 'UNSUPPORTED_VARIABLE_TYPE',
  })),
  ...ofPart(parts.isSuccess, 'INVALID_IS_SUCCESS'),
];

export const keyListMappings = ({ get, items, itemKey }: KeyList): PartMapping[] => [
  ...ofTemplate(get, 'INVALID_TRIBUTARY_ARGUMENT', true),
  ...(items.node.value !== '$' ? ofPart(items, 'INVALID_TRIBUTARY_ARGUMENT') : []),
  ...ofPart(itemKey, 'INVALID_TRIBUTARY_ARGUMENT'),
];

export const pageMappings = ({ next }: PageRule): PartMapping[] => ofPart(next, 'INVALID_TRIBUTARY_ARGUMENT');

export const referencesOf = (mappings: readonly PartMapping[]): PartReference[] =>
  mappings.flatMap(({ tree, node, offset, isInPath }) =>
    collectReferences(tree).map((reference) => ({ reference, node, offset, isInPath })),
  );

export const requestReferences = (connector: ConnectDeclaration): PartReference[] =>
  referencesOf(requestMappings(connector));

/** What counts for the key: request and selection; not `errors`, not `isSuccess`. */
export const keyReferences = (connector: ConnectDeclaration): PartReference[] =>
  referencesOf([...requestMappings(connector), ...selectionMappings(connector)]);
