/** Parameters of an operation in OpenAPI, from the same bindings the request is read by. */
import { getNullableType, isInputObjectType, isListType } from 'graphql';
import type { Json } from '../contract.ts';
import type { InputSchemaBuilder, JsonSchema } from '../routes/input-schema.ts';
import { hasFieldChoice } from '../routes/field-set.ts';
import { embedNames } from '../routes/read-parameters.ts';
import type { Binding, Route } from '../routes/route.ts';

/** An address has at most this many characters, so no list in it has more names and no name is longer. */
const MAX_NAMES = 8_192;

const headerNames: Readonly<Record<string, string>> = {
  'if-match': 'If-Match',
  'idempotency-key': 'Idempotency-Key',
};

/** `x-reader` as `X-Reader`: names of headers are read without case, and shown with it. */
const headerName = (name: string): string =>
  headerNames[name] ?? name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());

const isRequired = (route: Route, { from, name, required }: Binding): boolean => {
  if (from === 'path') return true;
  if (name === 'if-match') return route.guard?.required ?? false;
  return required || (name === 'idempotency-key' && (route.idempotency?.required ?? false));
};

/** How a value is written in a query (2.3, point 4). */
function styleOf({ from, type, split }: Binding): JsonSchema {
  if (from !== 'query') return {};
  const nullable = getNullableType(type);
  if (isListType(nullable)) return { style: 'form', explode: !split };
  return isInputObjectType(nullable) ? { style: 'deepObject', explode: true } : {};
}

function schemaOf(route: Route, binding: Binding, builder: InputSchemaBuilder): JsonSchema {
  if (binding.name === 'if-match') return { type: 'string', maxLength: 16_384 };
  if (binding.name === 'idempotency-key') return { type: 'string', minLength: 1, maxLength: 255 };
  const schema = builder.buildPresent(binding.type);
  const isSize = binding === route.collection?.size;
  return {
    ...schema,
    ...(isSize ? { minimum: 1 } : {}),
    ...(binding.defaultValue === undefined ? {} : { default: binding.defaultValue }),
  };
}

const texts: Readonly<Record<string, string>> = {
  'if-match': 'The ETag of the resource, as it was read',
  'idempotency-key': 'A new key for every new intent, the same key for a repeat',
};

/** The parts of an answer that come only when they are asked for. */
const embedParameter = (names: readonly string[]): JsonSchema => ({
  name: 'embed',
  in: 'query',
  required: false,
  description: 'Parts to put into the answer',
  style: 'form',
  explode: false,
  schema: { type: 'array', maxItems: MAX_NAMES, items: { type: 'string', enum: [...names] } },
});

/** The key of a route that does not pass it on. */
const idempotencyKey = (required: boolean): JsonSchema => ({
  name: 'Idempotency-Key',
  in: 'header',
  required,
  description: texts['idempotency-key']!,
  schema: { type: 'string', minLength: 1, maxLength: 255 },
});

export function buildParameters(route: Route, builder: InputSchemaBuilder): Json[] {
  const bound = route.bindings.filter(({ from }) => from === 'path' || from === 'query' || from === 'header');
  const embeds = embedNames(route);
  const parameters = bound.map((binding): JsonSchema => {
    const description = binding.description ?? texts[binding.name];
    return {
      name: binding.from === 'header' ? headerName(binding.name) : binding.name,
      in: binding.from,
      required: isRequired(route, binding),
      ...(description === undefined ? {} : { description }),
      ...styleOf(binding),
      schema: schemaOf(route, binding, builder),
      ...(binding.example === undefined ? {} : { example: binding.example }),
    };
  });
  const conditional: Json[] = route.method === 'GET' ? [{ $ref: '#/components/parameters/IfNoneMatch' }] : [];
  const own: Json[] = [
    ...(hasFieldChoice(route) ? [{ $ref: '#/components/parameters/Fields' }] : []),
    ...(embeds.length > 0 ? [embedParameter(embeds)] : []),
  ];
  const hasKey = bound.some(({ name }) => name === 'idempotency-key');
  const key: Json[] = route.idempotency && !hasKey ? [idempotencyKey(route.idempotency.required)] : [];
  return [...parameters, ...own, ...key, ...conditional];
}

/** Parameters that every read shares. */
export const sharedParameters: JsonSchema = {
  Fields: {
    name: 'fields',
    in: 'query',
    required: false,
    description:
      'Only these members, of the items where the answer is a page; "authors.name" chooses inside a member. The answer has no others then, required or not',
    style: 'form',
    explode: false,
    schema: { type: 'array', maxItems: MAX_NAMES, items: { type: 'string', maxLength: MAX_NAMES } },
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: 'The ETag of a copy at hand: 304 when it is still good',
    schema: { type: 'string', maxLength: 16_384 },
  },
};
