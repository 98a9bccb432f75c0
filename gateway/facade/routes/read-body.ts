/** Reads a request body: media type (P13), JSON (P14), presence (P15), and its fit (P18). */
import type { FacadeRequest, Json } from '../contract.ts';
import type { Refusal } from '../response/refusal.ts';
import { jsonPatchType, readJsonPatch, type Operation } from './json-patch.ts';
import { JsonSyntaxError, parseJson } from './parse-json.ts';
import { headerText, readContentType } from './request-headers.ts';
import type { Route } from './route.ts';

/** P13: the body is of a type and an encoding that is read here. */
export function checkMediaType(route: Route, request: FacadeRequest): Refusal | undefined {
  const { body: rule } = route;
  if (!rule || !request.body || request.body.length === 0) return undefined;
  const encoding = headerText(request.headers, 'content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity') {
    const detail = `The body is encoded as "${encoding}", expected no encoding`;
    return { row: 'P13', problem: 'unsupported-media-type', detail, headers: { 'accept-encoding': 'identity' } };
  }
  const text = headerText(request.headers, 'content-type');
  const found = text === undefined ? undefined : readContentType(text);
  if (found && rule.mediaTypes.includes(found.type) && (found.charset ?? 'utf-8') === 'utf-8') return undefined;
  const detail = `The body is ${text === undefined ? 'of no type' : `"${text}"`}, expected "${rule.mediaTypes.join('" or "')}" in UTF-8`;
  const header = route.method === 'PATCH' ? 'accept-patch' : route.method === 'POST' ? 'accept-post' : 'accept';
  return { row: 'P13', problem: 'unsupported-media-type', detail, headers: { [header]: rule.mediaTypes.join(', ') } };
}

export type ReadBody =
  { readonly ok: true; readonly value: Json | undefined } | { readonly ok: false; readonly refusal: Refusal };

/** P14 and P15; an absent body is undefined. */
export function readBody(route: Route, request: FacadeRequest): ReadBody {
  const { body: rule } = route;
  if (!rule) return { ok: true, value: undefined };
  if (!request.body || request.body.length === 0) {
    if (!rule.required) return { ok: true, value: undefined };
    const detail = `"${route.operation}" needs a body of type "${rule.mediaType}"`;
    return { ok: false, refusal: { row: 'P15', problem: 'missing-body', detail } };
  }
  try {
    return { ok: true, value: parseJson(request.body) };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const detail = `${error.message}, at byte ${error.offset}`;
    return { ok: false, refusal: { row: 'P14', problem: 'malformed-body', detail } };
  }
}

/** The operations of a JSON Patch; undefined for a body of another type. */
export function readPatch(request: FacadeRequest, value: Json | undefined): readonly Operation[] | Refusal | undefined {
  const type = readContentType(headerText(request.headers, 'content-type') ?? '')?.type;
  if (type !== jsonPatchType || value === undefined) return undefined;
  const read = readJsonPatch(value);
  if (!('errors' in read)) return read;
  const detail = 'The body is not a JSON Patch';
  return { row: 'P14', problem: 'malformed-body', detail, errors: read.errors };
}

/** P18: the body fits the input type. */
export function checkBody(route: Route, value: Json | undefined): Refusal | undefined {
  if (!route.body || value === undefined) return undefined;
  const errors = route.body.validate(value);
  if (errors.length === 0) return undefined;
  const detail = errors.length === 1 ? errors[0]!.detail : `${errors.length} values do not fit`;
  return { row: 'P18', problem: 'validation', detail, errors };
}
