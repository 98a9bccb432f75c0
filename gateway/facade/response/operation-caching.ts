/**
 * What /graphql by GET tells caches: the same that a route would for the same selection (facade.md 5.4 and 5.5), so that the
 * two faces differ in nothing but the address.
 */
import { Kind, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { ClientHeaders, FacadeRequest, FacadeSettings, GraphFacts, Json, UpstreamFreshness } from '../contract.ts';
import { tellCallersApart } from '../routes/callers.ts';
import type { FieldShape } from '../routes/route.ts';
import { ShapeBuilder } from '../routes/selection-shape.ts';
import { cacheHeaders } from './cache-control.ts';
import { mergeHints, mergePolicies } from './cache-policy.ts';
import { gatherTags, printTags, type KeyOf } from './entity-tags.ts';

export interface OperationCachingOptions {
  /** The API schema. */
  readonly schema: GraphQLSchema;
  readonly graph: GraphFacts;
  readonly keyOf: KeyOf;
  readonly clientHeaders: ClientHeaders;
  readonly settings: Pick<FacadeSettings, 'cacheTags' | 'cdnMaxAge'>;
}

/** A query that was executed without an error. */
export interface ReadOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly data: Record<string, unknown>;
  readonly freshness: UpstreamFreshness | undefined;
  readonly headers: FacadeRequest['headers'];
}

/** Header fields by name in lower case: Cache-Control, Vary, and what the settings add. */
export type DescribeCaching = (read: ReadOperation) => Record<string, string>;

export function createOperationCaching(options: OperationCachingOptions): DescribeCaching {
  const { schema, graph, keyOf, settings } = options;
  const callers = tellCallersApart(options.clientHeaders);
  const vary = ['Accept', ...callers.vary].join(', ');
  const shapeOf = createShapes(schema);
  return ({ document, operation, data, freshness, headers }) => {
    const isPersonal = callers.isPersonal(headers);
    const roots = shapeOf(document, operation);
    const policy = mergePolicies({}, mergeHints(graph, 'Query', roots), freshness);
    const tags = new Set<string>();
    for (const root of roots) gatherTags(keyOf, root, (data[root.key] ?? null) as Json, tags);
    return {
      ...cacheHeaders({ policy, rule: {}, isPersonal, cdnMaxAge: settings.cdnMaxAge }),
      vary,
      ...printTags(settings.cacheTags ?? [], tags),
    };
  };
}

/** Root fields of an operation, read once. */
function createShapes(schema: GraphQLSchema) {
  const known = new WeakMap<OperationDefinitionNode, readonly FieldShape[]>();
  return (document: DocumentNode, operation: OperationDefinitionNode): readonly FieldShape[] => {
    const before = known.get(operation);
    if (before !== undefined) return before;
    const query = schema.getQueryType();
    const fragments = document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    );
    const shape = query && new ShapeBuilder(schema, new Map(fragments)).build(query, [operation.selectionSet]);
    const roots = [...(shape?.variants.get(query?.name ?? '')?.fields.values() ?? [])];
    known.set(operation, roots);
    return roots;
  };
}
