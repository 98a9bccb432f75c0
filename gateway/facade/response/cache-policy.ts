/**
 * Freshness from several sources becomes one policy (facade.md 5.4): what the graph says of the selected fields, what is
 * left of the services' freshness, what the route says. The most restrictive wins.
 */
import type { CacheHint, GraphFacts, UpstreamFreshness } from '../contract.ts';
import type { CacheRule, FieldShape, SelectionShape } from '../routes/route.ts';

/** What may be done with an answer; without `maxAge` nothing is known, so it is to be revalidated. */
export interface CachePolicy {
  readonly isForbidden: boolean;
  readonly maxAge?: number;
  readonly scope?: 'PUBLIC' | 'PRIVATE';
}

interface Merged {
  maxAge: number | undefined;
  scope: 'PUBLIC' | 'PRIVATE' | undefined;
  hasHint: boolean;
}

const lower = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b);

/** PRIVATE wins over PUBLIC, anything over nothing. */
const narrower = (a: CachePolicy['scope'], b: CachePolicy['scope']): CachePolicy['scope'] =>
  a === 'PRIVATE' || b === 'PRIVATE' ? 'PRIVATE' : (a ?? b);

/** The field's own hint goes over that of its type, each member for itself. */
function hintOf(graph: GraphFacts, parent: string, field: FieldShape, typeName: string | undefined): CacheHint {
  return {
    ...(typeName === undefined ? {} : graph.hintOfType(typeName)),
    ...graph.hintOfField(parent, field.fieldName),
  };
}

function mergeField(graph: GraphFacts, parent: string, field: FieldShape, isRoot: boolean, into: Merged): void {
  if (field.fieldName.startsWith('__')) return;
  const { selection } = field;
  const hint = hintOf(graph, parent, field, selection?.typeName);
  const isDefault = hint.maxAge === undefined && hint.inheritMaxAge !== true;
  into.hasHint ||= hint.maxAge !== undefined || hint.scope !== undefined || hint.inheritMaxAge === true;
  into.maxAge = lower(into.maxAge, isDefault && (isRoot || selection !== undefined) ? 0 : hint.maxAge);
  into.scope = narrower(into.scope, hint.scope);
  if (selection) mergeSelection(graph, selection, into);
}

function mergeSelection(graph: GraphFacts, { variants }: SelectionShape, into: Merged): void {
  for (const variant of variants.values()) {
    for (const field of variant.fields.values()) mergeField(graph, variant.typeName, field, false, into);
  }
}

/**
 * The policy of what is selected below root fields, by Apollo's rule: the smallest maxAge, PRIVATE wins, root fields and
 * objects without a hint count 0, leaves inherit. Undefined where no hint stands at all: then the graph says nothing.
 */
export function mergeHints(graph: GraphFacts, rootType: string, roots: readonly FieldShape[]): CacheHint | undefined {
  const merged: Merged = { maxAge: undefined, scope: undefined, hasHint: false };
  for (const root of roots) mergeField(graph, rootType, root, true, merged);
  if (!merged.hasHint) return undefined;
  const { maxAge = 0, scope } = merged;
  return { maxAge, ...(scope === undefined ? {} : { scope }) };
}

/**
 * The policy of one answer. What services say binds as far as it is known; as the only source it counts when every call
 * behind the answer said how long it is fresh.
 */
export function mergePolicies(
  rule: CacheRule,
  hints: CacheHint | undefined,
  upstream: UpstreamFreshness | undefined,
): CachePolicy {
  if (upstream?.noStore === true) return { isForbidden: true };
  const own = lower(rule.maxAge, hints?.maxAge);
  const isTold = own !== undefined || upstream?.isComplete === true;
  const maxAge = upstream?.noCache === true ? 0 : lower(own, upstream?.maxAge);
  const scope = narrower(narrower(rule.scope, hints?.scope), upstream?.isPrivate === true ? 'PRIVATE' : undefined);
  return {
    isForbidden: false,
    ...(isTold && maxAge !== undefined ? { maxAge: Math.max(0, Math.floor(maxAge)) } : {}),
    ...(scope === undefined ? {} : { scope }),
  };
}
