/**
 * The profile of a version (ALPS, application/alps+json): what the members and the rels mean, apart from any one address.
 * Made from the types that the routes answer with and from the routes themselves (facade.md 4.1, 6).
 */
import type { Json } from '../contract.ts';
import { lastNoun } from './links.ts';
import type { FieldShape, ObjectShape, Route, RouteFamily } from '../routes/route.ts';

type JsonObject = { [name: string]: Json };

/** Types by name, each with all members that any route selects of it. */
function collectTypes(field: FieldShape, into: Map<string, Map<string, FieldShape>>): void {
  for (const variant of field.selection?.variants.values() ?? []) {
    const members = into.get(variant.typeName) ?? new Map<string, FieldShape>();
    into.set(variant.typeName, members);
    for (const member of variant.fields.values()) {
      if (member.fieldName === '__typename') continue;
      members.set(member.key, member);
      collectTypes(member, into);
    }
  }
}

const textOf = (text: string | undefined): JsonObject => (text === undefined ? {} : { doc: { value: text } });

const firstVariant = (field: FieldShape): ObjectShape | undefined => [...(field.selection?.variants.values() ?? [])][0];

function describeMember(type: string, field: FieldShape): Json {
  const below = firstVariant(field);
  return {
    id: `${type}.${field.key}`,
    name: field.key,
    type: 'semantic',
    ...textOf(field.description),
    ...(below ? { descriptor: [{ href: `#${below.typeName}` }] } : {}),
  };
}

const transitionType = ({ method, isMutation }: Route): string => {
  if (!isMutation) return 'safe';
  return method === 'PUT' || method === 'DELETE' ? 'idempotent' : 'unsafe';
};

function describeTransition(route: Route): Json {
  const inputs = route.bindings.filter(({ from }) => from === 'path' || from === 'query' || from === 'property');
  const type = route.successType;
  return {
    id: route.operation,
    type: transitionType(route),
    ...textOf(route.summary),
    ...(type === undefined ? {} : { rt: `#${type}` }),
    ...(inputs.length > 0
      ? {
          descriptor: inputs.map(({ name, description }) => ({
            id: `${route.operation}.${name}`,
            name,
            type: 'semantic',
            ...textOf(description),
          })),
        }
      : {}),
  };
}

/** The API's own rels: what is linked by its noun, by `@rels`, or as a member with an address of its own. */
function describeRels(family: RouteFamily, types: ReadonlyMap<string, ReadonlyMap<string, FieldShape>>): Json[] {
  const rels = new Map<string, JsonObject>();
  const note = (rel: string, more: JsonObject): void => {
    if (!rels.has(rel)) rels.set(rel, { id: rel, type: 'safe', ...more });
  };
  const isRead = ({ isMutation }: Route): boolean => !isMutation;
  for (const route of [...family.routes.filter(isRead), ...family.routes.filter((one) => one.isMutation)]) {
    const noun = route.segments.at(-1)?.kind === 'literal' ? lastNoun(route.segments) : undefined;
    if (noun !== undefined) note(noun, { type: transitionType(route), ...textOf(route.summary) });
    for (const { rel, to } of route.rels) {
      const target = family.routes.find(({ operation }) => operation === to);
      if (target) note(rel, { type: transitionType(target), ...textOf(target.summary) });
    }
    if (route.job?.result !== undefined || route.isBackground) note('result', textOf('What the job made'));
  }
  for (const members of types.values()) {
    for (const { key, selection, description } of members.values()) {
      if (selection && family.itemRoutes.has(selection.typeName)) note(key, textOf(description));
    }
  }
  return [...rels.values()];
}

/** The ALPS document of one version. */
export function renderProfile(family: RouteFamily): JsonObject {
  const types = new Map<string, Map<string, FieldShape>>();
  for (const route of family.routes) collectTypes(route.representation, types);
  const descriptions = new Map(
    family.routes.flatMap((route) =>
      [...(route.representation.selection?.variants.values() ?? [])].map((one) => [one.typeName, one.description]),
    ),
  );
  const semantics = [...types].map(([type, members]): Json => ({
    id: type,
    type: 'semantic',
    ...textOf(descriptions.get(type)),
    descriptor: [...members.values()].map((member) => describeMember(type, member)),
  }));
  const transitions = family.routes.map(describeTransition);
  return { alps: { version: '1.0', descriptor: [...semantics, ...transitions, ...describeRels(family, types)] } };
}
