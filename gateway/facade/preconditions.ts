/**
 * If-Match and If-None-Match on writes (P28 to P30, O12). One tag is passed on as the version it names: the service
 * compares, so the check is atomic (5.3, way B). Only a list of tags, and a create-only write, read the state first.
 */
import type { FacadeResult, Json } from './contract.ts';
import { stateOfTag } from './response/etag.ts';
import { hiddenValue, leafText, locate } from './response/locate.ts';
import type { Refusal } from './response/refusal.ts';
import type { RouteRequest } from './response/route-request.ts';
import type { Binding, Route } from './routes/route.ts';
import { isItemRoute, routeBeside } from './routes/route-relations.ts';
import { readText } from './routes/text-value.ts';

/** The state of the item a write is about. */
export interface CurrentState {
  readonly exists: boolean;
  readonly version: string | undefined;
}

/** Reads the item; the result of a failed read when it cannot be told. */
export type ReadState = (item: Route) => Promise<CurrentState | FacadeResult>;

export type Precondition =
  | { readonly kind: 'hold'; readonly variable?: string; readonly value?: Json }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** The state could not be read: the answer is that of the failed read. */
  | { readonly kind: 'failed'; readonly result: FacadeResult };

const failed = (detail: string): Precondition => ({
  kind: 'refused',
  refusal: { row: 'P29', problem: 'precondition-failed', detail },
});

const changed = 'The resource is no longer what If-Match says';

/** What a read of the item says of its state. */
export function stateOf(item: Route, result: FacadeResult): CurrentState | FacadeResult {
  const located = locate(item, result);
  if (located.state === 'found') {
    return { exists: true, version: leafText(hiddenValue(item, located.raw, item.resource?.version ?? '')) };
  }
  return (result.errors ?? []).length > 0 ? result : { exists: false, version: undefined };
}

function itemBeside(route: Route): Route | undefined {
  const item = routeBeside(route, 'GET');
  return item && isItemRoute(item) ? item : undefined;
}

const isState = (value: CurrentState | FacadeResult): value is CurrentState => 'exists' in value;

/** P28 alone: it needs nothing but the header. */
export function checkRequired(route: Route, request: RouteRequest): Refusal | undefined {
  if (!route.guard?.required || request.ifMatch.kind !== 'absent') return undefined;
  const detail = 'Send the ETag of the resource in the header If-Match';
  return { row: 'P28', problem: 'precondition-required', detail };
}

async function pickState(
  route: Route,
  binding: Binding,
  states: readonly string[],
  readState: ReadState,
): Promise<Precondition> {
  let state = states[0]!;
  if (states.length > 1) {
    const item = itemBeside(route);
    const current = item && (await readState(item));
    if (current && !isState(current)) return { kind: 'failed', result: current };
    const match = states.find((one) => one === current?.version);
    if (match === undefined && current?.exists !== false) return failed(changed);
    state = match ?? state; // nothing there: the write itself says so
  }
  const value = readText(binding.type, state);
  return value.ok ? { kind: 'hold', variable: binding.variable, value: value.value } : failed(changed);
}

/** P29 and P30: holds, with the version to pass on; or the write is refused. */
export async function checkPreconditions(
  route: Route,
  request: RouteRequest,
  readState: ReadState,
): Promise<Precondition> {
  const { ifMatch, ifNoneMatch } = request;
  const binding = route.bindings.find(({ from, name }) => from === 'header' && name === 'if-match');
  if (binding && ifMatch.kind === 'broken') return failed('If-Match is not a list of entity tags');
  if (binding && ifMatch.kind === 'tags') {
    const states = ifMatch.tags.flatMap((tag) => stateOfTag(tag) ?? []);
    return states.length === 0 ? failed(changed) : pickState(route, binding, states, readState);
  }
  if (route.isMutation && ifNoneMatch.kind === 'any') {
    const item = itemBeside(route);
    const current = item && (await readState(item));
    if (current && !isState(current)) return { kind: 'failed', result: current };
    if (current?.exists) return failed('If-None-Match is "*", and the resource is there');
  }
  return { kind: 'hold' };
}
