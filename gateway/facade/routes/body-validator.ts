/** Checks a request body against its JSON Schema (P18) and turns what ajv says into sentences with pointers. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Json } from '../contract.ts';
import type { ProblemItem } from '../response/problem.ts';
import type { JsonSchema } from './input-schema.ts';

/** The faults of a body; none when it fits. */
export type ValidateBody = (value: Json) => readonly ProblemItem[];

const maxItems = 20;

const pointerTo = (path: string, name?: string): string =>
  name === undefined ? path : `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

const nameOf = (type: unknown): string =>
  (Array.isArray(type) ? type : [type])
    .map((one) => (one === 'null' ? 'null' : `${/^[aeio]/.test(String(one)) ? 'an' : 'a'} ${String(one)}`))
    .join(' or ');

function itemOf({ keyword, params, instancePath, parentSchema }: ErrorObject): ProblemItem {
  const parameters = params as Record<string, unknown>;
  switch (keyword) {
    case 'required': {
      const name = String(parameters['missingProperty']);
      return { pointer: pointerTo(instancePath, name), detail: `"${name}" is required`, code: 'required' };
    }
    case 'additionalProperties': {
      const name = String(parameters['additionalProperty']);
      const known = Object.keys((parentSchema as { properties?: object }).properties ?? {});
      const hint = didYouMean(name, known);
      return {
        pointer: pointerTo(instancePath, name),
        detail: `"${name}" is not known here${hint === undefined ? '' : `. ${hint}`}`,
        code: 'unknown-field',
      };
    }
    case 'type':
      return { pointer: instancePath, detail: `Expected ${nameOf(parameters['type'])}`, code: 'type' };
    case 'enum': {
      const values = (parameters['allowedValues'] as unknown[]).filter((value) => value !== null);
      return {
        pointer: instancePath,
        detail: `Expected one of ${values.map((value) => JSON.stringify(value)).join(', ')}`,
        code: 'enum',
      };
    }
    case 'minimum':
    case 'maximum':
      return {
        pointer: instancePath,
        detail: `Expected at ${keyword === 'minimum' ? 'least' : 'most'} ${String(parameters['limit'])}`,
        code: keyword,
      };
    case 'maxLength':
      return {
        pointer: instancePath,
        detail: `Expected at most ${String(parameters['limit'])} characters`,
        code: keyword,
      };
    case 'maxItems':
      return { pointer: instancePath, detail: `Expected at most ${String(parameters['limit'])} items`, code: keyword };
    case 'pattern':
    case 'format':
      return { pointer: instancePath, detail: 'The text does not have the right form', code: keyword };
    case 'minProperties':
    case 'maxProperties':
      return { pointer: instancePath, detail: 'Expected exactly one member', code: 'one-of' };
    default:
      return { pointer: instancePath, detail: 'The value does not fit', code: keyword };
  }
}

/** Compiles a schema; the same schema, by its text, once. */
export type CompileValidator = (schema: JsonSchema) => ValidateBody;

/** Kept over changes of the graph, so that only what changed is compiled: each schema takes milliseconds. */
export function createValidators(): CompileValidator {
  const compiled = new Map<string, ValidateBody>();
  // Formats are notes here: patterns say what they would, and more strictly.
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    validateFormats: false,
    strict: true,
    allowUnionTypes: true,
  });
  return (schema) => {
    const text = JSON.stringify(schema);
    const known = compiled.get(text) ?? toValidator(ajv.compile(schema));
    compiled.set(text, known);
    return known;
  };
}

const toValidator =
  (validate: ValidateFunction): ValidateBody =>
  (value) => {
    if (validate(value)) return [];
    // "anyOf" is how null is allowed beside a named type: what the named type says is what helps.
    const errors = (validate.errors ?? []).filter(
      ({ keyword, schemaPath }) => keyword !== 'anyOf' && !schemaPath.endsWith('/anyOf/1/type'),
    );
    return errors.slice(0, maxItems).map(itemOf);
  };
