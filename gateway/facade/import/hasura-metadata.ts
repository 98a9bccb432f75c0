/**
 * Metadata of Hasura v2: `rest_endpoints` names queries of `query_collections`. Either may be a file of its own, as the
 * command line of Hasura writes them, or both are in one exported document (YAML or JSON).
 */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml';
import type { Fault, Range } from '../../errors/fault.ts';
import { warn, type SourceDocument } from './imported.ts';

export interface StoredQuery {
  readonly collection: string;
  readonly name: string;
  readonly text: string;
  readonly range: Range;
}

export interface Endpoint {
  readonly name: string;
  readonly url: string;
  readonly methods: readonly string[];
  readonly collection: string;
  readonly query: string;
  readonly comment: string | undefined;
  readonly range: Range;
}

export interface Metadata {
  readonly endpoints: readonly Endpoint[];
  readonly queries: readonly StoredQuery[];
  readonly warnings: readonly Fault[];
}

class MetadataReader {
  readonly endpoints: Endpoint[] = [];
  readonly queries: StoredQuery[] = [];
  readonly warnings: Fault[] = [];

  read({ file, text }: SourceDocument): void {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines });
    const place = (node: unknown): Range => {
      const [start, end] = (node as Node | null)?.range ?? [0, 0];
      const [from, to] = [lines.linePos(start), lines.linePos(end)];
      return { file, line: from.line, column: from.col, endLine: to.line, endColumn: to.col };
    };
    for (const { message, pos } of document.errors) {
      const { line, col } = lines.linePos(pos[0]);
      this.warnings.push(warn(message.split('\n')[0]!, { file, line, column: col, endLine: line, endColumn: col + 1 }));
    }
    const whole =
      isMap(document.contents) && isMap(document.contents.get('metadata'))
        ? document.contents.get('metadata')
        : document.contents;
    const lists = isMap(whole) ? [whole.get('query_collections'), whole.get('rest_endpoints')] : [whole];
    const before = this.endpoints.length + this.queries.length;
    for (const list of lists) {
      for (const entry of isSeq(list) ? list.items : []) this.#readEntry(entry, place);
    }
    if (this.endpoints.length + this.queries.length === before)
      this.warnings.push(warn('There is no REST endpoint and no query in this file', place(document.contents)));
  }

  /** An endpoint has `definition.query`, a collection has `definition.queries`. */
  #readEntry(entry: unknown, place: (node: unknown) => Range): void {
    if (!isMap(entry)) return;
    const definition = entry.get('definition');
    const [name, stored] = [String(entry.get('name')), isMap(definition) ? definition.get('queries') : undefined];
    if (isSeq(stored)) {
      for (const one of stored.items) {
        if (!isMap(one)) continue;
        const text = one.get('query', true);
        if (!isScalar(text)) continue;
        const range = place(text);
        this.queries.push({ collection: name, name: String(one.get('name')), text: String(text.value), range });
      }
      return;
    }
    const query = isMap(definition) ? definition.get('query') : undefined;
    if (!isMap(query)) {
      this.warnings.push(warn(`"${name}" has neither "definition.query" nor "definition.queries"`, place(entry)));
      return;
    }
    this.endpoints.push(readEndpoint(entry, name, query, place(entry)));
  }
}

function readEndpoint(entry: YAMLMap, name: string, query: YAMLMap, range: Range): Endpoint {
  const [methods, comment] = [entry.get('methods'), entry.get('comment')];
  return {
    name,
    url: String(entry.get('url')),
    methods: isSeq(methods) ? methods.items.map((one) => String(isScalar(one) ? one.value : one).toUpperCase()) : [],
    collection: String(query.get('collection_name')),
    query: String(query.get('query_name')),
    comment: typeof comment === 'string' && comment.trim() !== '' ? comment.trim() : undefined,
    range,
  };
}

/** Reads metadata out of any number of files, in any order. */
export function readMetadata(documents: readonly SourceDocument[]): Metadata {
  const reader = new MetadataReader();
  for (const document of documents) reader.read(document);
  return reader;
}
