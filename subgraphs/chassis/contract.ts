/**
 * The contract of a service: its OpenAPI 3.1 document, read once. Routes, parameter types and body schemas come from it,
 * so that a route which is not in the contract cannot be served, and a contract without a handler does not start. A schema is
 * compiled when the first value comes for it: all of them would take most of the time that a service needs to start.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { parse } from 'yaml';

type JsonObject = Readonly<Record<string, unknown>>;

/** What is wrong with a value, by its schema; nothing when it fits. */
export type FindFaults = (value: unknown) => readonly ErrorObject[];

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'array';
  readonly findFaults: FindFaults;
  readonly schema: JsonObject;
}

export interface Operation {
  readonly id: string;
  readonly method: string;
  /** As in the document: /v2/books/{id} */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** For bodies, by media type; empty when the operation takes no body. */
  readonly bodies: ReadonlyMap<string, FindFaults>;
  readonly isBodyRequired: boolean;
  /** What the success answer may be written as, in order of preference. */
  readonly mediaTypes: readonly string[];
  /** For answers: status, then media type. A status without content has an empty map. */
  readonly answers: ReadonlyMap<string, ReadonlyMap<string, FindFaults>>;
}

export interface Contract {
  readonly document: JsonObject;
  readonly operations: readonly Operation[];
}

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

/** Reads `file` (YAML). Throws when the document uses something the chassis does not serve. */
export function readContract(file: string): Contract {
  const document = parse(readFileSync(file, 'utf8')) as JsonObject;
  // A test holds that the documents are right; asking again at each start would take longer than reading them.
  const ajv = new Ajv2020({ strict: false, allErrors: true, coerceTypes: false, validateSchema: false });
  ajvFormats.default(ajv);
  ajv.addSchema(document as object, 'contract');
  const read = new OperationReader(document, ajv);
  const paths = document['paths'] as Record<string, JsonObject>;
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.filter((method) => Object.hasOwn(item, method)).map((method) => read.operation(path, item, method)),
  );
  return { document, operations };
}

/** Reads one operation; schemas are compiled by reference into the document, so that `$ref` inside them resolves. */
class OperationReader {
  readonly #document: JsonObject;
  readonly #ajv: Ajv2020;

  constructor(document: JsonObject, ajv: Ajv2020) {
    this.#document = document;
    this.#ajv = ajv;
  }

  operation(path: string, item: JsonObject, method: string): Operation {
    const pointer = ['paths', path, method];
    const operation = item[method] as JsonObject;
    const parameters = [
      ...this.#parameters(['paths', path, 'parameters'], item['parameters']),
      ...this.#parameters([...pointer, 'parameters'], operation['parameters']),
    ];
    const [bodyPointer, body] = this.#resolve([...pointer, 'requestBody'], operation['requestBody']);
    const answers = this.#answers([...pointer, 'responses'], operation['responses'] as JsonObject);
    const success = [...answers].find(([status]) => status.startsWith('2'));
    return {
      id: operation['operationId'] as string,
      method: method.toUpperCase(),
      path,
      parameters,
      bodies: this.#contents(bodyPointer, body),
      isBodyRequired: body?.['required'] === true,
      mediaTypes: [...(success?.[1].keys() ?? [])],
      answers,
    };
  }

  #parameters(pointer: readonly string[], list: unknown): Parameter[] {
    return ((list as JsonObject[] | undefined) ?? []).map((entry, index) => {
      const [at, parameter] = this.#resolve([...pointer, String(index)], entry);
      const [, schema] = this.#resolve([...at, 'schema'], parameter!['schema']);
      return {
        name: parameter!['name'] as string,
        in: parameter!['in'] as Parameter['in'],
        required: parameter!['required'] === true,
        type: schema!['type'] as Parameter['type'],
        findFaults: this.#faultsBy([...at, 'schema']),
        schema: schema!,
      };
    });
  }

  #answers(pointer: readonly string[], responses: JsonObject): Map<string, Map<string, FindFaults>> {
    return new Map(
      Object.entries(responses).map(([status, entry]) => {
        const [at, response] = this.#resolve([...pointer, status], entry);
        return [status, this.#contents(at, response)] as const;
      }),
    );
  }

  #contents(pointer: readonly string[], holder: JsonObject | undefined): Map<string, FindFaults> {
    const content = (holder?.['content'] as JsonObject | undefined) ?? {};
    return new Map(
      Object.keys(content).map((type) => [type, this.#faultsBy([...pointer, 'content', type, 'schema'])] as const),
    );
  }

  #faultsBy(pointer: readonly string[]): FindFaults {
    let validate: ValidateFunction | undefined;
    return (value) => {
      validate ??= this.#compile(pointer);
      return validate(value) ? [] : (validate.errors ?? []);
    };
  }

  #compile(pointer: readonly string[]): ValidateFunction {
    const escaped = pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')));
    return this.#ajv.compile({ $ref: `contract#/${escaped.join('/')}` });
  }

  #resolve(pointer: readonly string[], value: unknown): [readonly string[], JsonObject | undefined] {
    const reference = (value as JsonObject | undefined)?.['$ref'];
    if (typeof reference !== 'string') return [pointer, value as JsonObject | undefined];
    const parts = reference.slice('#/'.length).split('/');
    const target = parts.reduce<unknown>((at, part) => (at as JsonObject | undefined)?.[part], this.#document);
    return this.#resolve(parts, target);
  }
}
