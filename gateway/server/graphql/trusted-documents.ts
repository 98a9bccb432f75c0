/**
 * Trusted documents: the operations that the clients of a team were built with, known beforehand. A client may name one by
 * its id instead of sending it, and with `enforce` nothing else is run. The refusals are named as in Apollo Router.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describeError, type ErrorCode } from '../../errors/catalogue.ts';
import { FaultsError } from '../../errors/fault.ts';

export type TrustMode = 'off' | 'log' | 'enforce';

/** What a request says about the document it wants to run. */
export interface AskedDocument {
  readonly query: string | undefined;
  readonly id: string | undefined;
}

export type TrustDecision =
  /** Run this text, whatever was sent. */
  | { readonly kind: 'trusted'; readonly query: string }
  /** Not in the list, and let through. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly code: ErrorCode };

export interface TrustedDocuments {
  decide(asked: AskedDocument): TrustDecision;
}

export interface TrustedDocumentsOptions {
  readonly mode: TrustMode;
  /** Texts by id. */
  readonly documents: ReadonlyMap<string, string>;
  /** Told the SHA-256 of each query that is not in the list, in hexadecimal. */
  readonly onUnknown: (hash: string) => void;
}

/** Compares whole texts: what a build tool wrote into the list is what its client sends. */
export function createTrustedDocuments({ mode, documents, onUnknown }: TrustedDocumentsOptions): TrustedDocuments {
  const texts = new Set(documents.values());
  return {
    decide({ query, id }) {
      if (mode === 'off') return { kind: 'unknown' };
      const known = id === undefined ? undefined : documents.get(id);
      if (known !== undefined && (query === undefined || query === known)) return { kind: 'trusted', query: known };
      if (query !== undefined && texts.has(query)) return { kind: 'trusted', query };
      if (query !== undefined) onUnknown(hashOf(query));
      if (mode === 'log') return { kind: 'unknown' };
      return { kind: 'refused', code: query === undefined ? 'PERSISTED_QUERY_NOT_IN_LIST' : 'QUERY_NOT_IN_SAFELIST' };
    },
  };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Texts by id, out of a file in Apollo's format (`apollo-persisted-query-manifest`, version 1) or a plain object
 * `{ id: text }`. Throws FaultsError when the file cannot be read, or is neither.
 */
export function readManifest(file: string): Map<string, string> {
  const text = readText(file);
  const content = text === undefined ? undefined : parseJson(text);
  const documents = content === undefined ? undefined : documentsOf(content);
  if (documents !== undefined) return documents;
  const actual = text === undefined ? `"${file}", which cannot be read` : `"${file}", which is something else`;
  const expected = 'a JSON file of trusted documents: the manifest of Apollo, or an object of texts by id';
  const message = describeError('CONFIG_INVALID_VALUE', { path: 'server.trustedDocuments.manifest', actual, expected });
  throw new FaultsError([{ code: 'CONFIG_INVALID_VALUE', severity: 'error', message }]);
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function documentsOf(content: unknown): Map<string, string> | undefined {
  if (!isObject(content)) return undefined;
  if (content['format'] !== 'apollo-persisted-query-manifest') return collect(Object.entries(content));
  const { version, operations } = content;
  if (version !== 1 || !Array.isArray(operations)) return undefined;
  return collect(operations.map((operation) => (isObject(operation) ? [operation['id'], operation['body']] : [])));
}

function collect(entries: readonly (readonly unknown[])[]): Map<string, string> | undefined {
  const documents = new Map<string, string>();
  for (const [id, text] of entries) {
    if (typeof id !== 'string' || typeof text !== 'string') return undefined;
    documents.set(id, text);
  }
  return documents;
}
