/**
 * HAL-FORMS (application/prs.hal-forms+json): HAL, with a template for each write that is possible from here (facade.md
 * 4.1, 4). A template says what `Allow` cannot: which members a body has. Headers such as If-Match have no place in it.
 */
import {
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql';
import type { GraphQLInputType } from 'graphql';
import type { Json } from '../contract.ts';
import { isCollection, keyValues } from '../response/locate.ts';
import type { Route } from '../routes/route.ts';
import { eraseNames, extendsTemplate } from '../routes/route-template.ts';
import { scalarRule } from '../routes/scalars.ts';
import { hrefOf } from './hrefs.ts';
import { holdsFor, type LinkInput } from './links.ts';

type JsonObject = { [name: string]: Json };

const typeOf = (schema: Readonly<Record<string, Json>>): string | undefined => {
  if (schema['type'] === 'integer' || schema['type'] === 'number') return 'number';
  return schema['type'] === 'string' ? 'text' : undefined;
};

/** One member of a body; what is no single value is left without a type. */
function describeProperty(name: string, type: GraphQLInputType, required: boolean, prompt: string | undefined): Json {
  const nullable = getNullableType(type);
  const about: JsonObject = { name, required, ...(prompt === undefined ? {} : { prompt }) };
  if (isEnumType(nullable)) return { ...about, options: { inline: nullable.getValues().map((value) => value.name) } };
  if (isListType(nullable) || isInputObjectType(nullable)) return about;
  const { schema } = scalarRule(nullable.name);
  const { pattern, minimum, maximum } = schema;
  const htmlType = typeOf(schema);
  return {
    ...about,
    ...(htmlType === undefined ? {} : { type: htmlType }),
    ...(pattern === undefined ? {} : { regex: pattern }),
    ...(minimum === undefined ? {} : { min: minimum }),
    ...(maximum === undefined ? {} : { max: maximum }),
  };
}

function describeBody(route: Route): Json[] {
  return route.bindings.flatMap((binding): Json[] => {
    if (binding.from === 'property') {
      return [describeProperty(binding.name, binding.type, binding.required, binding.description)];
    }
    const named = getNullableType(binding.type);
    if (binding.from !== 'body' || !isInputObjectType(named)) return [];
    return Object.values(named.getFields()).map((field) =>
      describeProperty(
        field.name,
        field.type,
        isNonNullType(field.type) && isRequiredInputField(field),
        field.description ?? undefined,
      ),
    );
  });
}

const nameOf = ({ operation }: Route): string => operation.charAt(0).toLowerCase() + operation.slice(1);

const isWrite = (one: Route): boolean => one.isMutation;

/** The writes that start at a representation: on the item, one noun below it, or on the collection. */
function writesFrom({ route, raw }: LinkInput): { writes: Route[]; key: readonly string[] } | undefined {
  const { routes, itemRoutes } = route.family;
  if (isCollection(route)) {
    const isPlain = route.segments.every((segment) => segment.kind === 'literal');
    const isHere = (one: Route) => eraseNames(one.segments) === eraseNames(route.segments);
    return isPlain ? { writes: routes.filter((one) => isWrite(one) && isHere(one)), key: [] } : undefined;
  }
  const item = route.successType === undefined ? undefined : itemRoutes.get(route.successType);
  const key = item && keyValues(route, raw);
  if (!item || !key) return undefined;
  const isHere = ({ segments }: Route) =>
    eraseNames(segments) === eraseNames(item.segments) ||
    (segments.length === item.segments.length + 1 &&
      segments.at(-1)!.kind === 'literal' &&
      extendsTemplate(segments, item.segments));
  return { writes: routes.filter((one) => isWrite(one) && isHere(one)), key };
}

/** The templates of a representation, by name; a write whose condition does not hold is left out. */
export function buildTemplates(input: LinkInput): JsonObject {
  const { base, request } = input;
  const { writes, key } = writesFrom(input) ?? { writes: [], key: [] };
  const templates = writes
    .filter((write) => holdsFor(write, input))
    .map((write): [string, Json] => [
      nameOf(write),
      {
        ...(write.summary === undefined ? {} : { title: write.summary }),
        method: write.method,
        target: hrefOf(base, request.prefix, write.segments, key),
        ...(write.body ? { contentType: write.body.mediaType } : {}),
        properties: describeBody(write),
      },
    ]);
  return Object.fromEntries(templates);
}
