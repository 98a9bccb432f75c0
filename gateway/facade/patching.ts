/**
 * A JSON Patch on an item (facade.md 2.3; RFC 6902): the item is read, the operations are applied to it, and what they change
 * is sent as a merge patch under the version that was read. So nothing is lost in between: the service compares.
 */
import type { FacadeResult, Json } from './contract.ts';
import { stateOfTag } from './response/etag.ts';
import { hiddenValue, isObject, leafText, locate } from './response/locate.ts';
import type { Refusal } from './response/refusal.ts';
import type { RouteRequest } from './response/route-request.ts';
import { applyJsonPatch, mergePatchOf, type Operation } from './routes/json-patch.ts';
import type { Route } from './routes/route.ts';
import { readText } from './routes/text-value.ts';

export type PatchOutcome =
  /** Variables of the write, on top of those of the request. */
  | { readonly kind: 'write'; readonly variables: Record<string, Json> }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** The item is not there, or could not be read. */
  | { readonly kind: 'failed'; readonly result: FacadeResult };

const refuse = (
  row: string,
  problem: Refusal['problem'],
  detail: string,
  errors?: Refusal['errors'],
): PatchOutcome => ({
  kind: 'refused',
  refusal: { row, problem, detail, ...(errors ? { errors } : {}) },
});

/** Is the state that was read one of those that If-Match names? */
function isExpected({ ifMatch }: RouteRequest, state: string | undefined): boolean {
  if (ifMatch.kind === 'absent' || ifMatch.kind === 'any') return true;
  return ifMatch.kind === 'tags' && ifMatch.tags.some((tag) => state !== undefined && stateOfTag(tag) === state);
}

/** `item` is the GET route of the same path. */
export async function patchItem(
  route: Route,
  request: RouteRequest,
  operations: readonly Operation[],
  item: Route,
  read: (item: Route) => Promise<FacadeResult>,
): Promise<PatchOutcome> {
  const result = await read(item);
  const located = locate(item, result);
  if (located.state !== 'found' || !isObject(located.value)) return { kind: 'failed', result };
  const state = leafText(hiddenValue(item, located.raw, item.resource?.version ?? ''));
  if (!isExpected(request, state)) {
    return refuse('P29', 'precondition-failed', 'The resource is no longer what If-Match says');
  }
  const patched = applyJsonPatch(located.value, operations);
  if (patched.state === 'conflict') return refuse('E8', 'conflict', patched.errors[0]!.detail, patched.errors);
  if (!isObject(patched.value)) return refuse('P18', 'validation', 'The resource cannot be anything but an object');
  const patch = mergePatchOf(located.value, patched.value);
  if (Object.keys(patch).length === 0) return { kind: 'unchanged' };
  const errors = route.body?.validate(patch) ?? [];
  if (errors.length > 0) return refuse('P18', 'validation', 'The patch changes what cannot be changed so', errors);

  const body = route.bindings.find(({ from }) => from === 'body')!;
  const variables: Record<string, Json> = { [body.variable]: patch };
  const version = route.bindings.find(({ from, name }) => from === 'header' && name === 'if-match');
  const value = version && state !== undefined ? readText(version.type, state) : undefined;
  if (version && value?.ok) variables[version.variable] = value.value;
  return { kind: 'write', variables };
}
