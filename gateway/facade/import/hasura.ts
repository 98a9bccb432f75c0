/**
 * RESTified endpoints of Hasura v2: a stored query, a URL with `:id`, and methods. Each method becomes an operation of its own,
 * `@cached(ttl)` a `@cache`. Hasura answers with the root field around the value; here the value is the answer.
 */
import {
  GraphQLError,
  Kind,
  parse,
  print,
  type DefinitionNode,
  type DirectiveNode,
  type OperationDefinitionNode,
} from 'graphql';
import { sortFaults, type Fault } from '../../errors/fault.ts';
import { kebabCase, pascalCase } from '../drafts/names.ts';
import { printHttp } from '../drafts/operation-text.ts';
import { readMetadata, type Endpoint, type StoredQuery } from './hasura-metadata.ts';
import { warn, type Imported, type SourceDocument } from './imported.ts';
import { rewriteDocuments } from './rewrite-documents.ts';
import { argumentsOf, left, printValue, refuseMethod, routeOf, type Plan } from './route-plan.ts';

/** What `@cached` keeps an answer for when it does not say, in seconds. */
const DEFAULT_TTL = '60';

export function importHasura(metadata: readonly SourceDocument[]): Imported {
  const { endpoints, queries, warnings } = readMetadata(metadata);
  const all: Fault[] = [...warnings];
  const names = new Set<string>();
  const texts = new Map<string, string[]>();
  const used = new Set<StoredQuery>();
  for (const endpoint of endpoints) {
    const stored = queries.find(
      ({ collection, name }) => collection === endpoint.collection && name === endpoint.query,
    );
    if (!stored) {
      all.push(
        warn(
          `"${endpoint.name}" names a query that is not there: "${endpoint.collection}", "${endpoint.query}"`,
          endpoint.range,
        ),
      );
      continue;
    }
    used.add(stored);
    const file = `${kebabCase(endpoint.url.split('/').find((part) => /^\w/.test(part)) ?? 'other')}.graphql`;
    for (const method of endpoint.methods) {
      texts.set(file, [...(texts.get(file) ?? []), importOne(endpoint, stored, method, names, all)]);
    }
  }
  for (const stored of queries) {
    if (!used.has(stored)) all.push(warn(`No endpoint uses the query "${stored.name}"`, stored.range));
  }
  const documents = [...texts].map(([file, parts]) => ({ file, text: `${parts.join('\n\n')}\n` }));
  return { documents: withoutRepeats(documents), warnings: sortFaults(all) };
}

/** Every stored query brings its own fragments: one that stands there already, word for word, is not repeated. */
function withoutRepeats(documents: readonly SourceDocument[]): SourceDocument[] {
  const seen = new Set<string>();
  return documents.map(({ file, text }) => {
    const fragments = definitionsOf(text).filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
    const repeated = fragments.filter((node) => {
      const isKnown = seen.has(print(node));
      seen.add(print(node));
      return isKnown;
    });
    const kept = repeated
      .toReversed()
      .reduce((rest, { loc }) => rest.slice(0, loc!.start).trimEnd() + rest.slice(loc!.end), text);
    return { file, text: kept };
  });
}

/** One method of an endpoint: its text, with faults told of the place in the metadata. */
function importOne(
  endpoint: Endpoint,
  stored: StoredQuery,
  method: string,
  names: Set<string>,
  warnings: Fault[],
): string {
  const text = stored.text.trim();
  const count = definitionsOf(text).filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length;
  if (count !== 1) {
    const reason = count === 0 ? 'the query does not parse' : 'the query has more than one operation';
    warnings.push(warn(`Not imported: ${reason}`, stored.range));
    return [`# Not imported: ${reason}`, ...text.split('\n').map((line) => `# ${line}`)].join('\n');
  }
  const { documents, warnings: found } = rewriteDocuments([{ file: stored.range.file, text }], (node) =>
    planOperation(node, endpoint, method, names),
  );
  warnings.push(...found.map((fault) => warn(fault.message, stored.range)));
  const comment = endpoint.comment?.split('\n').map((line) => `# ${line}`.trimEnd()) ?? [];
  return [...comment, documents[0]!.text].join('\n');
}

/** None where the text does not parse, or is a comment as a whole. */
function definitionsOf(text: string): readonly DefinitionNode[] {
  try {
    return parse(text).definitions;
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return [];
  }
}

function planOperation(node: OperationDefinitionNode, endpoint: Endpoint, method: string, names: Set<string>): Plan {
  const refusal = refuseMethod(method, node);
  if (refusal !== undefined) return left(refusal);
  const route = routeOf(endpoint.url, (segment) => (segment.startsWith(':') ? `{${segment.slice(1)}}` : undefined));
  const cached = node.directives?.find(({ name }) => name.value === 'cached');
  return {
    kind: 'route',
    name: takeName(pascalCase(node.name?.value ?? endpoint.name), method, names),
    directives: [printHttp(method, route), ...(cached && method === 'GET' ? [printCache(cached)] : [])],
    variables: new Map(),
    removed: cached ? [cached] : [],
  };
}

const printCache = (cached: DirectiveNode): string =>
  `@cache(maxAge: ${printValue(argumentsOf(cached).get('ttl')) ?? DEFAULT_TTL})`;

/** Names are those of the queries; one that is taken says its method, or a number. */
function takeName(name: string, method: string, names: Set<string>): string {
  const other = `${name}${method.charAt(0)}${method.slice(1).toLowerCase()}`;
  let free = names.has(name) ? other : name;
  for (let n = 2; names.has(free); n++) free = `${other}${n}`;
  names.add(free);
  return free;
}
