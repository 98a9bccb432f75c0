/**
 * From the text of a request to typed values, by the contract. A wrong parameter is 400 with its name, a wrong body 422
 * with JSON pointers; what the contract does not name is refused, so that a typing slip is not silently ignored.
 */
import type { ErrorObject } from 'ajv';
import type { Operation, Parameter } from './contract.ts';
import { ProblemError, type FieldProblem } from './problem.ts';

type Text = string | readonly string[];

/** Typed query parameters. Throws 400 for unknown, repeated, missing or wrong ones, all at once. */
export function readQuery(operation: Operation, query: Readonly<Record<string, Text>>): Record<string, unknown> {
  const known = operation.parameters.filter((parameter) => parameter.in === 'query');
  const unknown = Object.keys(query).filter((name) => !known.some((parameter) => parameter.name === name));
  if (unknown.length > 0) {
    const allowed = known.map((parameter) => parameter.name);
    throw new ProblemError(400, 'unknown-parameter', 'Unknown query parameter', {
      detail: allowed.length === 0 ? 'This route takes no query parameters' : `Allowed: ${allowed.join(', ')}`,
      errors: unknown.map((name) => ({ parameter: name, detail: 'This parameter is not known here' })),
    });
  }
  return readParameters(known, (name) => query[name]);
}

export const readPath = (operation: Operation, params: Readonly<Record<string, string>>): Record<string, unknown> =>
  readParameters(
    operation.parameters.filter((parameter) => parameter.in === 'path'),
    (name) => params[name],
  );

function readParameters(parameters: readonly Parameter[], textOf: (name: string) => Text | undefined) {
  const values: Record<string, unknown> = {};
  const errors: FieldProblem[] = [];
  for (const parameter of parameters) {
    const text = textOf(parameter.name);
    if (text === undefined) {
      if (parameter.required) errors.push({ parameter: parameter.name, detail: 'This parameter is required' });
      else if (parameter.schema['default'] !== undefined) values[parameter.name] = parameter.schema['default'];
      continue;
    }
    const value = readValue(parameter, text);
    const faults = parameter.findFaults(value);
    if (faults.length === 0) values[parameter.name] = value;
    else errors.push({ parameter: parameter.name, detail: describe(faults) });
  }
  if (errors.length > 0) throw new ProblemError(400, 'invalid-parameter', 'Invalid parameter', { errors });
  return values;
}

/** What cannot be read stays text, so that the schema refuses it with its own words. */
function readValue(parameter: Parameter, text: Text): unknown {
  if (parameter.type === 'array') return typeof text === 'string' ? text.split(',') : text.flatMap((t) => t.split(','));
  if (typeof text !== 'string') return text;
  switch (parameter.type) {
    case 'integer':
      return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'string':
      return text;
  }
}

/** The body as a value that fits the contract. 400 when it is missing or broken, 415 for its type, 422 for its shape. */
export function readBody(operation: Operation, contentType: string | undefined, bytes: Buffer | undefined): unknown {
  if (operation.bodies.size === 0) return undefined;
  if (bytes === undefined || bytes.length === 0) {
    if (!operation.isBodyRequired) return undefined;
    throw new ProblemError(400, 'missing-body', 'A body is required', { detail: 'The request has no body' });
  }
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase();
  const findFaults = operation.bodies.get(mediaType ?? '');
  if (findFaults === undefined) throw unsupportedMediaType(operation);
  const body = parseJson(bytes);
  const faults = findFaults(body);
  if (faults.length > 0) {
    throw new ProblemError(422, 'validation', 'Invalid input', {
      detail: 'The body does not fit',
      errors: describeAll(faults),
    });
  }
  return body;
}

function unsupportedMediaType(operation: Operation): ProblemError {
  const types = [...operation.bodies.keys()].join(', ');
  const header = operation.method === 'PATCH' ? 'accept-patch' : operation.method === 'POST' ? 'accept-post' : 'accept';
  return new ProblemError(415, 'unsupported-media-type', 'Unsupported media type', {
    detail: `Send the body as ${types}`,
    headers: { [header]: types },
  });
}

function parseJson(bytes: Buffer): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // A reviver that drops nothing, but refuses the one key that could reach a prototype.
    return JSON.parse(text, (key, value: unknown) => {
      if (key === '__proto__') throw new SyntaxError('"__proto__" is not a valid name');
      return value;
    });
  } catch (error) {
    const detail = error instanceof SyntaxError ? 'The body is not valid JSON' : 'The body is not valid UTF-8';
    throw new ProblemError(400, 'malformed-body', 'Malformed body', { detail });
  }
}

/** Some 422 come with dozens of findings (one a union member); the first twenty tell enough. */
export const describeAll = (faults: readonly ErrorObject[]): FieldProblem[] =>
  faults.slice(0, 20).map((fault) => ({ pointer: pointerOf(fault), detail: describe([fault]) }));

function pointerOf(error: ErrorObject): string {
  const name =
    error.params['missingProperty'] ?? error.params['additionalProperty'] ?? error.params['unevaluatedProperty'];
  return typeof name === 'string' ? `${error.instancePath}/${name}` : error.instancePath;
}

function describe([error]: readonly ErrorObject[]): string {
  switch (error?.keyword) {
    case 'required':
      return 'This member is required';
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'This member is not known here';
    case 'enum':
      return `Must be one of: ${(error.params['allowedValues'] as unknown[]).join(', ')}`;
    case 'type':
      return `Must be ${[error.params['type'] as string | string[]].flat().join(' or ')}`;
    case undefined:
      return 'Does not fit';
    default:
      return capitalize(error?.message ?? 'does not fit');
  }
}

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
