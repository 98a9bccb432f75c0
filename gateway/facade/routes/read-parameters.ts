/** Reads the parameters of a request: path, query and headers become typed values (P16, P17, P22, P23). */
import { getNullableType, isInputObjectType, isRequiredInputField } from 'graphql';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { FacadeRequest, Json } from '../contract.ts';
import type { ProblemItem } from '../response/problem.ts';
import type { Refusal } from '../response/refusal.ts';
import { hasFieldChoice } from './field-set.ts';
import { decodeQueryText, decodeText, readQueryString } from './query-string.ts';
import { expectSmaller, type Limits } from './limits.ts';
import { headerText, readIdempotencyKey } from './request-headers.ts';
import type { Binding, Route } from './route.ts';
import { readText, readTexts, type TextValue } from './text-value.ts';

/** A value for a binding. */
export interface BoundValue {
  readonly binding: Binding;
  /** Further input fields below the binding, for `filter[year]=1999`. */
  readonly path: readonly string[];
  readonly value: Json;
}

export interface ReadParameters {
  readonly values: readonly BoundValue[];
  /** An unknown parameter was ignored because the client asked for it. */
  readonly ignored: boolean;
  /** The list of `?fields=`, where the route has that choice. */
  readonly fields?: string;
}

/** The texts a query may hold for one binding: its own name, or one name a field for an object. */
interface Slot {
  readonly name: string;
  readonly binding: Binding;
  readonly path: readonly string[];
  readonly type: Binding['type'];
  readonly required: boolean;
}

function slotsOf(binding: Binding): Slot[] {
  const nullable = getNullableType(binding.type);
  if (!isInputObjectType(nullable)) {
    const { name, type, required } = binding;
    return [{ name, binding, path: [], type, required }];
  }
  return Object.values(nullable.getFields()).map((field) => ({
    name: `${binding.name}[${field.name}]`,
    binding,
    path: [field.name],
    type: field.type,
    required: binding.required && isRequiredInputField(field),
  }));
}

/** Names of the query parameters of a route. */
export const queryNames = (route: Route): string[] =>
  route.bindings.filter(({ from }) => from === 'query').flatMap((binding) => slotsOf(binding).map(({ name }) => name));

class ParameterReader {
  readonly values: BoundValue[] = [];
  readonly faults: ProblemItem[] = [];
  readonly #limits: Limits;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  take(result: TextValue, binding: Binding, path: readonly string[], where: Partial<ProblemItem>, name: string): void {
    const tooLarge = result.ok ? expectSmaller(result.value, this.#limits) : undefined;
    const expected = result.ok ? tooLarge : result.expected;
    if (result.ok && expected === undefined) this.values.push({ binding, path, value: result.value });
    else {
      const code = result.ok ? 'too-large' : 'type';
      this.faults.push({ ...where, detail: `"${name}" is not valid, expected ${expected}`, code });
    }
  }

  miss(where: Partial<ProblemItem>, name: string): void {
    this.faults.push({ ...where, detail: `"${name}" is required`, code: 'required' });
  }
}

function readPath(route: Route, parameters: readonly string[], reader: ParameterReader): void {
  const names = route.segments.flatMap((segment) => (segment.kind === 'parameter' ? [segment.name] : []));
  for (const binding of route.bindings) {
    if (binding.from !== 'path') continue;
    const text = decodeText(parameters[names.indexOf(binding.name)] ?? '');
    reader.take(readText(binding.type, text), binding, [], { parameter: binding.name }, binding.name);
  }
}

function readQuery(route: Route, given: ReadonlyMap<string, string[]>, reader: ParameterReader): void {
  for (const binding of route.bindings) {
    if (binding.from !== 'query') continue;
    for (const { name, path, type, required } of slotsOf(binding)) {
      const raw = given.get(name);
      const where = { parameter: name };
      if (raw) reader.take(readTexts(type, raw, binding.split, decodeQueryText), binding, path, where, name);
      else if (required) reader.miss(where, name);
    }
  }
}

function readHeaders(route: Route, headers: FacadeRequest['headers'], reader: ParameterReader): void {
  for (const binding of route.bindings) {
    // If-Match is a precondition (P28, P29), the missing Idempotency-Key has a row of its own (P23).
    if (binding.from !== 'header' || binding.name === 'if-match') continue;
    const text = headerText(headers, binding.name);
    const where = { header: binding.name };
    if (binding.name === 'idempotency-key') {
      const key = readIdempotencyKey(text ?? '');
      if (text !== undefined) {
        const isKey = key !== '' && key.length <= 255;
        const value: TextValue = isKey
          ? { ok: true, value: key }
          : { ok: false, expected: 'a key of 1 to 255 characters' };
        reader.take(value, binding, [], where, 'Idempotency-Key');
      }
    } else if (text !== undefined) {
      // Header bytes arrive as Latin-1; what is UTF-8 in them is read as such.
      const decoded = Buffer.from(text.trim(), 'latin1').toString('utf8');
      const value = decoded.includes('\ufffd') ? text.trim() : decoded;
      reader.take(readText(binding.type, value), binding, [], where, binding.name);
    } else if (binding.required) reader.miss(where, binding.name);
  }
}

/** `?embed=books`: switches the parts that the document declares with `@include(if: $embed_books)`. */
function readEmbed(route: Route, given: ReadonlyMap<string, string[]>, reader: ParameterReader): void {
  const known = embedNames(route);
  const asked = (given.get('embed') ?? []).flatMap((raw) => (decodeQueryText(raw) ?? raw).split(','));
  if (known.length === 0) return;
  for (const name of asked) {
    const binding = route.bindings.find((one) => one.from === 'embed' && one.name === name);
    if (binding) reader.values.push({ binding, path: [], value: true });
    else {
      const hint = didYouMean(name, known) ?? `Known: ${known.join(', ')}`;
      reader.faults.push({ parameter: 'embed', detail: `"${name}" cannot be embedded. ${hint}`, code: 'unknown' });
    }
  }
}

/** Parts that `?embed=` switches. */
export const embedNames = (route: Route): string[] =>
  route.bindings.flatMap(({ from, name }) => (from === 'embed' ? [name] : []));

/** The facade's own parameters, where the route has a use for them. */
const ownNames = (route: Route): string[] => [
  ...(hasFieldChoice(route) ? ['fields'] : []),
  ...(embedNames(route).length > 0 ? ['embed'] : []),
];

const isIgnored = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));

function checkUnknown(route: Route, names: Iterable<string>, ignore: readonly string[]): Refusal | undefined {
  const known = [...queryNames(route), ...ownNames(route)];
  const errors = [...new Set(names)]
    .filter((name) => !known.includes(name) && !isIgnored(name, ignore))
    .map((name): ProblemItem => {
      const detail = `"${name}" is not known here`;
      const hint = didYouMean(name, known);
      return { parameter: name, detail: hint === undefined ? detail : `${detail}. ${hint}`, code: 'unknown' };
    });
  if (errors.length === 0) return undefined;
  const allowed = known.length === 0 ? 'none' : known.map((name) => `"${name}"`).join(', ');
  const detail = `${errors.map((error) => error.detail).join('. ')}. Allowed: ${allowed}`;
  return { row: 'P17', problem: 'unknown-parameter', detail, errors };
}

/** P22: a page that is too large is cut to the largest, one that is no page is refused. */
function clampPage(route: Route, values: readonly BoundValue[]): BoundValue[] | Refusal {
  const { size, max } = route.collection ?? {};
  const clamped: BoundValue[] = [];
  for (const bound of values) {
    if (bound.binding !== size || max === undefined || typeof bound.value !== 'number') {
      clamped.push(bound);
    } else if (bound.value < 1) {
      const detail = `"${size.name}" is ${bound.value}, expected 1 to ${max}`;
      const errors = [{ parameter: size.name, detail, code: 'minimum' }];
      return { row: 'P22', problem: 'invalid-parameter', detail, errors };
    } else clamped.push({ ...bound, value: Math.min(bound.value, max) });
  }
  return clamped;
}

export interface ParameterInput {
  readonly route: Route;
  /** Raw path parameters, in order. */
  readonly parameters: readonly string[];
  readonly query: string;
  readonly headers: FacadeRequest['headers'];
  readonly ignore: readonly string[];
  readonly isLenient: boolean;
}

/** Typed values, or the first row that refuses. */
export function readParameters(input: ParameterInput): ReadParameters | Refusal {
  const { route } = input;
  const given = new Map<string, string[]>();
  for (const { name, rawValue } of readQueryString(input.query))
    given.set(name, [...(given.get(name) ?? []), rawValue]);

  const reader = new ParameterReader(route.limits);
  readPath(route, input.parameters, reader);
  readQuery(route, given, reader);
  readEmbed(route, given, reader);
  readHeaders(route, input.headers, reader);
  if (reader.faults.length > 0) {
    const detail = reader.faults.map((fault) => fault.detail).join('. ');
    return { row: 'P16', problem: 'invalid-parameter', detail, errors: reader.faults };
  }
  const unknown = checkUnknown(route, given.keys(), input.ignore);
  if (unknown && !input.isLenient) return unknown;
  const values = clampPage(route, reader.values);
  if (!Array.isArray(values)) return values;
  const fields = hasFieldChoice(route) ? given.get('fields') : undefined;
  return {
    values,
    ignored: unknown !== undefined,
    ...(fields ? { fields: fields.map((raw) => decodeQueryText(raw) ?? raw).join(',') } : {}),
  };
}
