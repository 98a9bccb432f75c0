/**
 * Root fields of the mutation type as operations. A name such as `createBook` tells method and address where the graph has
 * the resource: POST on the collection, PUT, PATCH or DELETE on the item. Anything else is an action: a POST below the item it
 * names, or at an address of its own.
 */
import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  type GraphQLArgument,
  type GraphQLInputObjectType,
  type GraphQLObjectType,
} from 'graphql';
import { draftQueryVariable, draftVariable, fitsQuery, printCall } from './draft-arguments.ts';
import type { DraftContext } from './draft-context.ts';
import { kebabCase, pascalCase, wordsOf } from './names.ts';
import { printHttp, type DraftOperation, type DraftVariable, type Selection } from './operation-text.ts';
import { findKeys, itemPath, type Field, type KeyArgument, type Resource } from './resources.ts';

type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const methods: Readonly<Record<string, Method>> = {
  ...Object.fromEntries(['create', 'add', 'insert', 'new', 'register', 'place'].map((verb) => [verb, 'POST'])),
  ...Object.fromEntries(['replace', 'put'].map((verb) => [verb, 'PUT'])),
  ...Object.fromEntries(['update', 'patch', 'edit', 'modify', 'change'].map((verb) => [verb, 'PATCH'])),
  ...Object.fromEntries(['delete', 'remove', 'destroy'].map((verb) => [verb, 'DELETE'])),
};

/** What a mutation does, to what, and how it is called. */
interface Plan {
  readonly method: Method;
  readonly path: string;
  readonly keys: readonly KeyArgument[];
  readonly resource?: Resource;
  /** A POST that creates nothing. */
  readonly isAction: boolean;
}

/** The type whose name ends a mutation's name: `Book` of `createBook`. */
const resourceNamed = (words: readonly string[], { resources }: DraftContext): Resource | undefined =>
  [...resources.values()].find(({ type }) => wordsOf(type.name).join(' ') === words.join(' '));

function plan(field: Field, parameters: readonly GraphQLArgument[], context: DraftContext): Plan {
  const [verb = '', ...rest] = wordsOf(field.name);
  const method = methods[verb];
  const resource = resourceNamed(rest, context);
  const keys = resource && findKeys(resource, parameters);
  if (resource && method === 'POST') return { method, path: resource.path, keys: [], resource, isAction: false };
  if (resource && method && keys) return { method, path: itemPath(resource, keys), keys, resource, isAction: false };
  if (resource && keys) {
    return { method: 'POST', path: `${itemPath(resource, keys)}/${kebabCase(verb)}`, keys, resource, isAction: true };
  }
  return {
    method: 'POST',
    path: `/${kebabCase(field.name)}`,
    keys: [],
    ...(resource ? { resource } : {}),
    isAction: true,
  };
}

/** The fields of the one input object, when it holds the key of what is written (`input: { id: ..., title: ... }`). */
function keyedInput(field: Field, context: DraftContext): GraphQLInputObjectType | undefined {
  const [only, ...others] = field.args;
  const type = only && getNullableType(only.type);
  const [verb = '', ...rest] = wordsOf(field.name);
  const resource = resourceNamed(rest, context);
  if (others.length > 0 || !resource || !isInputObjectType(type) || (methods[verb] ?? 'POST') === 'POST')
    return undefined;
  return findKeys(resource, inputArguments(type)) ? type : undefined;
}

/** Input fields as if they were arguments. Their defaults stay with the graph: what is absent stays absent. */
const inputArguments = (type: GraphQLInputObjectType): GraphQLArgument[] =>
  Object.values(type.getFields()).map((one) => ({ ...one, defaultValue: undefined })) as unknown as GraphQLArgument[];

const isVersion = ({ name, type }: GraphQLArgument): boolean =>
  /version|etag|ifmatch/i.test(name) && !isNonNullType(type) && fitsQuery(type);

const isKeyOfWrite = ({ name }: GraphQLArgument): boolean => /^(idempotency|clientmutation)_?(key|id)$/i.test(name);

interface Bound {
  readonly variables: readonly DraftVariable[];
  readonly directives: readonly string[];
}

/** Binds what the path does not: headers, and the body or the query. */
function bind(parameters: readonly GraphQLArgument[], plan: Plan): Bound {
  const onPath = new Set<string>(plan.keys.map(({ argument }) => argument.name));
  const directives: string[] = [];
  const isVersioned = plan.keys.length > 0 && plan.resource?.type.getFields()['version'] !== undefined;
  const rest = parameters.filter(({ name }) => !onPath.has(name));
  const version = isVersioned ? rest.find(isVersion) : undefined;
  const key = plan.method === 'POST' ? rest.find(isKeyOfWrite) : undefined;
  if (version) directives.push('@guard(ifMatch: true)');
  if (key) directives.push(`@idempotent(required: ${isRequiredArgument(key)})`);
  else if (plan.method === 'POST' && !plan.isAction) directives.push('@idempotent');
  const left = rest.filter((one) => one !== version && one !== key);
  const inputs = left.filter(({ type }) => isInputObjectType(getNullableType(type)));
  const others = left.filter((one) => !inputs.includes(one));
  const isWhole = plan.method !== 'DELETE' && inputs.length === 1 && others.every(({ type }) => fitsQuery(type));
  const variables = parameters.map((argument): DraftVariable => {
    if (onPath.has(argument.name)) return draftVariable(argument);
    if (argument === version) return draftVariable(argument, '@header(name: "If-Match")');
    if (argument === key) return draftVariable(argument, '@header(name: "Idempotency-Key")');
    if (isWhole && argument === inputs[0]) return draftVariable(argument, '@body');
    return isWhole || plan.method === 'DELETE' ? draftQueryVariable(argument) : draftVariable(argument);
  });
  return { variables, directives };
}

/** A status for an outcome, by what its name says. */
function statusOf(name: string): number {
  if (/notfound|missing/i.test(name)) return 404;
  if (/forbidden|notallowed|unauthori[sz]ed|permission/i.test(name)) return 403;
  if (/invalid|validation|unknown|malformed/i.test(name)) return 422;
  return 409;
}

const looksLikeRefusal = ({ name }: { readonly name: string }): boolean => /error|problem|failure|refus/i.test(name);

interface Answer {
  readonly selection: Selection;
  readonly result?: string;
  readonly outcomes?: readonly string[];
}

/** What is selected, and which members of a union are no success. */
function answer(field: Field, call: string, resource: Resource | undefined, context: DraftContext): Answer {
  const { selections, schema } = context;
  const type = getNamedType(field.type);
  if (!isCompositeType(type)) return { selection: { text: call } };
  if (isAbstractType(type)) {
    const members = schema.getPossibleTypes(type);
    const success =
      members.find(({ name }) => name === resource?.type.name || context.resources.has(name)) ??
      members.find((one) => !looksLikeRefusal(one) && !one.getInterfaces().some(looksLikeRefusal)) ??
      members[0]!;
    const refusals = members.filter((one) => one !== success);
    const below = [
      { text: `... on ${success.name}`, below: selections.of(success) },
      ...refusals.map((one) => ({ text: `... on ${one.name}`, below: selections.ofOutcome(one) })),
    ];
    const outcomes = refusals.map(({ name }) => `{ type: "${name}", status: ${statusOf(name)} }`);
    return { selection: { text: call, below }, outcomes };
  }
  const inner = isObjectType(type) ? entityOf(type, field, context) : undefined;
  if (!inner) return { selection: { text: call, below: selections.of(type) } };
  if (inner.hasErrors) {
    context.notes.push(
      `"${field.name}" answers errors beside its result, which no status is made from: a union of results would give one`,
    );
  }
  const below = [{ text: inner.name, below: [selections.full(inner.resource.type)] }];
  return { selection: { text: call, below }, result: JSON.stringify(`${field.name}.${inner.name}`) };
}

/** The one entity inside a payload such as `CreateBookPayload { book: Book, userErrors: [...] }`. */
function entityOf(payload: GraphQLObjectType, field: Field, { resources }: DraftContext) {
  if (resources.has(payload.name) || isListType(getNullableType(field.type))) return undefined;
  const fields = Object.values(payload.getFields());
  const entities = fields.flatMap((one) => {
    const resource = resources.get(getNamedType(one.type).name);
    return resource && !isListType(getNullableType(one.type)) ? [{ name: one.name, resource }] : [];
  });
  const hasErrors = fields.some(({ name }) => /errors$/i.test(name));
  return entities.length === 1 ? { ...entities[0]!, hasErrors } : undefined;
}

/** The operation of a mutation; undefined, with a note, where none can be written. */
export function draftMutation(field: Field, context: DraftContext): DraftOperation | undefined {
  const type = getNamedType(field.type);
  if (isInterfaceType(type) && context.schema.getPossibleTypes(type).length > 1) {
    context.notes.push(
      `"${field.name}" has no route: which of the types of "${type.name}" is the success is not known`,
    );
    return undefined;
  }
  const whole = keyedInput(field, context);
  const parameters = whole ? inputArguments(whole) : field.args;
  const planned = plan(field, parameters, context);
  const { method, resource, isAction } = planned;
  const unfit = parameters.find((one) => method === 'DELETE' && isRequiredArgument(one) && !fitsQuery(one.type));
  if (unfit) {
    context.notes.push(`"${field.name}" has no route: DELETE has no body for its argument "${unfit.name}"`);
    return undefined;
  }
  const fitting = parameters.filter((one) => method !== 'DELETE' || fitsQuery(one.type));
  const { variables, directives } = bind(fitting, planned);
  const names = fitting.map(({ name }) => name);
  const call = whole
    ? `${field.name}(${field.args[0]!.name}: { ${names.map((name) => `${name}: $${name}`).join(', ')} })`
    : printCall(field.name, names);
  const isGone = method === 'DELETE';
  const { selection, result, outcomes } = answer(field, call, resource, context);
  const success = isGone ? '204' : isAction ? '200' : undefined;
  return {
    kind: 'mutation',
    name: context.takeName(pascalCase(field.name)),
    ...(field.description ? { description: field.description } : {}),
    variables,
    directives: [
      printHttp(method, context.takeRoute(method, planned.path), { success, result, outcomes }),
      ...directives,
    ],
    selection,
    file: resource ? resource.path.slice(1) : 'other',
  };
}
