/**
 * From a request to the variables of its operation (facade.md 2.3), in the order of the checks (O9). What fits the JSON
 * Schema is read once more by the graph's own types: a scalar's parser has the last word.
 */
import { coerceInputValue } from 'graphql';
import type { FacadeRequest, Json } from '../contract.ts';
import type { ProblemItem } from '../response/problem.ts';
import type { Refusal } from '../response/refusal.ts';
import type { Operation } from './json-patch.ts';
import { checkBody, readBody, readPatch } from './read-body.ts';
import { readParameters, type BoundValue } from './read-parameters.ts';
import { headerText, readIdempotencyKey } from './request-headers.ts';
import type { Binding, Route } from './route.ts';

export interface ReadVariables {
  readonly variables: Record<string, Json>;
  readonly ignoredParameters: boolean;
  /** The list of `?fields=`. */
  readonly fields?: string;
  /** The body is a JSON Patch: the variable of the body is not known before the item has been read. */
  readonly patch?: readonly Operation[];
  /** P19: a merge patch that changes nothing. */
  readonly changesNothing: boolean;
}

const isRefusal = (value: object): value is Refusal => 'problem' in value;

/** A record without a prototype, so that no name of a variable or a field is special. */
const createRecord = (): Record<string, Json> => Object.create(null) as Record<string, Json>;

function place(variables: Record<string, Json>, { binding, path, value }: BoundValue): void {
  const names = [binding.variable, ...binding.path, ...path];
  let target = variables;
  for (const name of names.slice(0, -1)) target = (target[name] ??= createRecord()) as Record<string, Json>;
  target[names.at(-1)!] = value;
}

function bodyValues(route: Route, body: Json | undefined): BoundValue[] {
  if (body === undefined) return [];
  return route.bindings.flatMap((binding): BoundValue[] => {
    if (binding.from === 'body') return [{ binding, path: [], value: body }];
    if (binding.from !== 'property') return [];
    const properties = body as Record<string, Json>;
    // Absent stays absent, and null is sent as null.
    return Object.hasOwn(properties, binding.name) ? [{ binding, path: [], value: properties[binding.name]! }] : [];
  });
}

const whereOf = (binding: Binding, path: readonly (string | number)[]): Partial<ProblemItem> => {
  const pointer = path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  switch (binding.from) {
    case 'body':
      return { pointer };
    case 'property':
      return { pointer: `/${binding.name}${pointer}` };
    case 'header':
      return { header: binding.name };
    case 'path':
    case 'query':
      return { parameter: binding.name };
    case 'embed':
      return { parameter: 'embed' };
  }
};

/** Faults that are told: a list can have one for each of its items. */
const MOST_FAULTS = 10;

/** The graph's own reading of the values; its complaints, by where the value came from. */
function checkTypes(values: readonly BoundValue[]): Refusal | undefined {
  const errors: ProblemItem[] = [];
  let isBody = true;
  for (const { binding, path, value } of values) {
    if (path.length > 0) continue; // one field of an object: read by its own type already
    coerceInputValue(value, binding.type, (at) => {
      isBody &&= binding.from === 'body' || binding.from === 'property';
      if (errors.length === MOST_FAULTS) return;
      errors.push({ ...whereOf(binding, at), detail: 'The value does not fit its type', code: 'type' });
    });
  }
  if (errors.length === 0) return undefined;
  const detail = 'A value does not fit its type';
  return isBody
    ? { row: 'P18', problem: 'validation', detail, errors }
    : { row: 'P16', problem: 'invalid-parameter', detail, errors };
}

function checkIdempotencyKey(route: Route, request: FacadeRequest): Refusal | undefined {
  const isBound = route.bindings.some(
    ({ from, name, required }) => from === 'header' && name === 'idempotency-key' && required,
  );
  const text = headerText(request.headers, 'idempotency-key');
  const key = text === undefined ? undefined : readIdempotencyKey(text);
  if (route.idempotency && key !== undefined && (key === '' || key.length > 255)) {
    const detail = '"Idempotency-Key" is not valid, expected a key of 1 to 255 characters';
    return { row: 'P16', problem: 'invalid-parameter', detail, errors: [{ header: 'idempotency-key', detail }] };
  }
  if ((!route.idempotency?.required && !isBound) || key !== undefined) return undefined;
  return {
    row: 'P23',
    problem: 'idempotency-key-missing',
    detail: 'Send the header Idempotency-Key: a new key for every new intent, the same key for a repeat',
    errors: [{ header: 'idempotency-key', detail: '"Idempotency-Key" is required', code: 'required' }],
  };
}

export interface VariableInput {
  readonly route: Route;
  readonly request: FacadeRequest;
  readonly parameters: readonly string[];
  readonly ignore: readonly string[];
  readonly isLenient: boolean;
}

/** The variables, or why there are none. */
export function readVariables({
  route,
  request,
  parameters,
  ignore,
  isLenient,
}: VariableInput): ReadVariables | Refusal {
  const body = readBody(route, request);
  if (!body.ok) return body.refusal;
  const { query, headers } = request;
  const read = readParameters({ route, parameters, query, headers, ignore, isLenient });
  if (isRefusal(read)) return read;
  const patch = readPatch(request, body.value);
  if (patch && isRefusal(patch)) return patch;
  const whole = patch ? undefined : body.value;
  // Before its members are read: the body may be anything, null as well.
  const unfit = checkBody(route, whole);
  if (unfit) return unfit;
  const values = [...read.values, ...bodyValues(route, whole)];
  const refusal = checkTypes(values) ?? checkIdempotencyKey(route, request);
  if (refusal) return refusal;

  const variables = createRecord();
  for (const value of values) place(variables, value);
  const isEmptyPatch =
    route.method === 'PATCH' && body.value !== undefined && Object.keys(body.value as object).length === 0; // {} or []
  return {
    variables,
    ignoredParameters: read.ignored,
    changesNothing: isEmptyPatch,
    ...(patch ? { patch } : {}),
    ...(read.fields === undefined ? {} : { fields: read.fields }),
  };
}
