/**
 * From declarations that no rule complains about to routes (facade.md 2.4): everything that can be decided before the
 * first request is decided here.
 */
import { isNonNullType, type GraphQLSchema } from 'graphql';
import type { Fault } from '../../errors/fault.ts';
import { rangeOf } from './fault-range.ts';
import { nameOfType } from '../response/problem-types.ts';
import { createValidators, type CompileValidator } from './body-validator.ts';
import { checkDeclarations } from './check-declarations.ts';
import { readDeclaration, type Declaration } from './declaration.ts';
import { buildExecutableDocument, hiddenKey } from './executable-document.ts';
import { soundMapping } from './fact-mapping.ts';
import { jsonPatchType } from './json-patch.ts';
import { compileJob } from './job-rule.ts';
import { InputSchemaBuilder, type JsonSchema } from './input-schema.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { readLocation } from './location-template.ts';
import { readDocuments } from './read-documents.ts';
import type {
  Binding,
  BodyRule,
  CollectionRule,
  FieldShape,
  LifecycleRule,
  OutcomeRule,
  RelRule,
  Route,
  RouteFamily,
} from './route.ts';
import { eraseNames, type Segment } from './route-template.ts';
import { resultOf } from './rules/known-paths.ts';
import { readDate } from './rules/lifecycle-names-and-dates.ts';
import { readTtl } from './rules/ttl-is-a-duration.ts';
import { successTypes } from './rules/outcomes-exhaustive.ts';

export interface CompiledRoutes {
  readonly families: readonly RouteFamily[];
  readonly current: RouteFamily;
  readonly faults: readonly Fault[];
}

const toBinding = ({ by: _by, node: _node, ...binding }: Declaration['claims'][number]): Binding => binding;

/** The JSON Schema of a route's body, over named definitions that `builder` gathers; undefined when it takes none. */
export function buildBodySchema(
  bindings: readonly Binding[],
  builder: InputSchemaBuilder,
): { schema: JsonSchema; required: boolean } | undefined {
  const whole = bindings.find((binding) => binding.from === 'body');
  if (whole) return { schema: builder.buildPresent(whole.type), required: isNonNullType(whole.type) };
  const properties = bindings.filter((binding) => binding.from === 'property');
  if (properties.length === 0) return undefined;
  const required = properties.filter((binding) => binding.required).map((binding) => binding.name);
  const schemaOf = (binding: Binding): JsonSchema => ({
    ...builder.build(binding.type),
    ...(binding.description === undefined ? {} : { description: binding.description }),
    ...(binding.defaultValue === undefined ? {} : { default: binding.defaultValue }),
    ...(binding.example === undefined ? {} : { examples: [binding.example] }),
  });
  const schema: JsonSchema = {
    type: 'object',
    properties: Object.fromEntries(properties.map((binding) => [binding.name, schemaOf(binding)])),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
  return { schema, required: required.length > 0 };
}

/** A JSON Patch needs an item to read on the same path, and a version to write under. */
function takesJsonPatch({ http, version, segments, claims }: Declaration, all: readonly Declaration[]): boolean {
  const hasVersion = claims.some(({ from, name }) => from === 'header' && name === 'if-match');
  if (http.values.method !== 'PATCH' || !hasVersion || !claims.some(({ from }) => from === 'body')) return false;
  return all.some(
    (other) =>
      other.version === version &&
      other.resource?.values.version !== undefined &&
      eraseNames(other.segments as readonly Segment[]) === eraseNames(segments as readonly Segment[]),
  );
}

function compileBody(
  declaration: Declaration,
  all: readonly Declaration[],
  bindings: readonly Binding[],
  { compileValidator, limits }: CompileRoutesOptions,
): BodyRule | undefined {
  const { method } = declaration.http.values;
  if (method === 'GET' || method === 'DELETE') return undefined;
  const builder = new InputSchemaBuilder('#/$defs/', limits);
  const body = buildBodySchema(bindings, builder) ?? {
    schema: { type: 'object', properties: {}, additionalProperties: false },
    required: false,
  };
  const mediaType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  return {
    mediaType,
    mediaTypes: takesJsonPatch(declaration, all) ? [mediaType, jsonPatchType] : [mediaType],
    required: body.required,
    validate: compileValidator({ ...body.schema, $defs: builder.definitions }),
  };
}

function compileCollection(declaration: Declaration, bindings: readonly Binding[]): CollectionRule | undefined {
  const values = declaration.collection?.values;
  if (!values) return undefined;
  const { of, page } = values;
  const bound = (variable: string | undefined) =>
    bindings.find((binding) => binding.variable === variable && binding.from === 'query' && binding.path.length === 0);
  const [size, cursor] = [bound(page?.size), bound(page?.cursor)];
  return {
    of,
    style: page?.style ?? 'CURSOR',
    items: page?.items.split('.') ?? [],
    max: page?.max ?? 100,
    ...(page?.info === undefined ? {} : { info: page.info.split('.') }),
    ...(page?.total === undefined ? {} : { total: page.total.split('.') }),
    ...(size ? { size } : {}),
    ...(cursor ? { cursor } : {}),
  };
}

function compileLifecycle(declaration: Declaration, all: readonly Declaration[]): LifecycleRule {
  const { deprecated, sunset, successor } = declaration.lifecycle?.values ?? {};
  const [from, until] = [readDate(deprecated ?? ''), readDate(sunset ?? '')];
  const next = all.find((other) => other.name === successor);
  return {
    ...(from ? { deprecated: from } : {}),
    ...(until ? { sunset: until } : {}),
    ...(next ? { successor: { version: next.version, segments: next.segments as readonly Segment[] } } : {}),
  };
}

const compileOutcomes = (declaration: Declaration): OutcomeRule[] =>
  (declaration.http.values.outcomes ?? []).map(({ type, code, status, problem }) => ({
    status,
    problem: problem ?? nameOfType(type ?? (code ?? '').toLowerCase()),
    ...(type === undefined ? {} : { type }),
    ...(code === undefined ? {} : { code }),
  }));

/** Key and version of the canonical resource of a type, if a document declares one in this version. */
const resourceOf = (all: readonly Declaration[], version: string, type: string | undefined) =>
  all.find((other) => other.version === version && other.resource?.values.type === type)?.resource?.values;

/** Reads summary (first paragraph) and description from the text above an operation. */
function readDescription({ operation }: Declaration): { summary?: string; description?: string } {
  const text = operation.description?.value;
  if (!text) return {};
  const [summary = '', ...rest] = text.split(/\n\s*\n/);
  const description = rest.join('\n\n');
  return { summary: summary.replaceAll('\n', ' '), ...(description ? { description } : {}) };
}

function representationOf(result: FieldShape, successType: string | undefined): FieldShape {
  const variant = successType === undefined ? undefined : result.selection?.variants.get(successType);
  if (!result.selection?.isAbstract || !variant) return result;
  const only = { ...variant, isMember: false };
  return {
    ...result,
    selection: { typeName: only.typeName, isAbstract: false, variants: new Map([[only.typeName, only]]) },
  };
}

function compileIdempotency({ idempotent }: Declaration): Pick<Route, 'idempotency'> {
  if (!idempotent) return {};
  const { required, ttl } = idempotent.values;
  return { idempotency: { required, ttlMs: readTtl(ttl)! } };
}

const compileRels = ({ rels }: Declaration, { disabled }: CompileRoutesOptions): RelRule[] =>
  (rels?.values.add ?? [])
    .filter(({ to }) => !disabled.has(to))
    .map(({ rel, to, args, when }) => ({
      rel,
      to,
      ...(args == null ? {} : { args: soundMapping(args, 'selection') }),
      ...(when == null ? {} : { when: soundMapping(when, 'expression') }),
    }));

function compileLocation(text: string | undefined): Pick<Route, 'location'> {
  const template = text === undefined ? undefined : readLocation(text);
  return template && 'parts' in template ? { location: template } : {};
}

/** S5, S7, S9, S12: a write that answers with a mere `true` has no representation. */
function defaultSuccess({ async, isMutation }: Declaration, creates: boolean, result: FieldShape): number {
  if (async?.values.rule) return 202;
  if (creates) return 201;
  return isMutation && !result.selection ? 204 : 200;
}

function compileRoute(
  declaration: Declaration,
  all: readonly Declaration[],
  family: RouteFamily,
  schema: GraphQLSchema,
  options: CompileRoutesOptions,
): Route {
  const { http, operation, name, isMutation, root, resultPath } = declaration;
  const { method, partial, hide, passthrough } = http.values;
  const result = resultOf(declaration)!;
  const bindings = declaration.claims.map(toBinding);
  const success = successTypes(declaration, schema);
  const successType = success.length === 1 ? success[0] : undefined;
  const resource = resourceOf(all, family.version, successType);
  const hiddenFields = resource ? [...resource.key, ...(resource.version ? [resource.version] : [])] : [];
  const isAbstract = result.selection?.isAbstract ?? false;
  const hasHidden = resource !== undefined && !declaration.collection;
  const document = buildExecutableDocument(
    declaration,
    schema,
    hasHidden ? { type: resource.type, isAbstract, fields: hiddenFields } : undefined,
  );
  const creates =
    isMutation &&
    method === 'POST' &&
    !declaration.async?.values.rule &&
    (resource !== undefined || http.values.location !== undefined) &&
    (http.values.success === undefined || http.values.success === 201);
  const range = rangeOf(operation.name ?? operation);
  const body = compileBody(declaration, all, bindings, options);
  const collection = compileCollection(declaration, bindings);
  return {
    operation: name,
    file: range?.file ?? '',
    line: range?.line ?? 0,
    isMutation,
    method,
    family,
    limits: options.limits,
    segments: declaration.segments as readonly Segment[],
    ...readDescription(declaration),
    document,
    bindings,
    ...(body ? { body } : {}),
    resultPath,
    root,
    result,
    representation: representationOf(result, successType),
    ...(successType === undefined ? {} : { successType }),
    ...(resource ? { resource } : {}),
    ...(collection ? { collection } : {}),
    hidden: new Map(hasHidden ? hiddenFields.map((field) => [field, hiddenKey(field)]) : []),
    success: http.values.success ?? defaultSuccess(declaration, creates, result),
    creates,
    outcomes: compileOutcomes(declaration),
    partial,
    hide,
    passthrough,
    ...(declaration.guard ? { guard: { required: declaration.guard.values.ifMatch } } : {}),
    ...compileIdempotency(declaration),
    ...compileJob(declaration, all),
    isBackground: declaration.async !== undefined && !declaration.async.values.rule,
    rels: compileRels(declaration, options),
    ...compileLocation(http.values.location),
    cache: declaration.cache?.values ?? {},
    lifecycle: compileLifecycle(declaration, all),
  };
}

export interface CompileRoutesOptions {
  readonly compileValidator: CompileValidator;
  readonly limits: Limits;
  /** Names of operations that are taken out of the documents because they do not fit. */
  readonly disabled: ReadonlySet<string>;
}

/** Reads, checks and compiles at once; with faults there are no routes. */
export function compileRoutes(
  documents: readonly { file: string; text: string }[],
  apiSchema: GraphQLSchema,
  apiVersion: string | undefined,
): CompiledRoutes {
  const options = { compileValidator: createValidators(), limits: defaultLimits, disabled: new Set<string>() };
  const steps = compileRouteSteps(documents, apiSchema, apiVersion, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same in steps of a few milliseconds, for a server that goes on answering meanwhile. */
export function* compileRouteSteps(
  documents: readonly { file: string; text: string }[],
  apiSchema: GraphQLSchema,
  apiVersion: string | undefined,
  options: CompileRoutesOptions,
): Generator<void, CompiledRoutes> {
  const { versions, schema, faults: readFaults, current } = yield* readDocuments(documents, apiSchema, apiVersion);
  const faults = [...readFaults];
  const declarations: Declaration[] = [];
  for (const version of versions) {
    for (const operation of version.operations) {
      yield;
      const declaration = readDeclaration(schema, version, operation);
      if (declaration) {
        declarations.push(declaration);
        continue;
      }
      const range = rangeOf(operation.name ?? operation);
      const name = operation.name ? `"${operation.name.value}"` : 'An operation without a name';
      const message = operation.name ? `${name} has no @http, so it is no route` : `${name} cannot be a route`;
      faults.push({ code: 'ROUTE_INVALID', severity: 'error', message, ...(range ? { range } : {}) });
    }
  }
  const unsound = versions.flatMap((version) => version.unsound);
  faults.push(...(yield* checkDeclarations(declarations, schema, new Set([...options.disabled, ...unsound]))));

  const families = new Map<string, RouteFamily>();
  const familyOf = (version: string): RouteFamily => {
    const known = families.get(version);
    if (known) return known;
    const family = { version, isCurrent: version === current, routes: [], itemRoutes: new Map<string, Route>() };
    families.set(version, family);
    return family;
  };
  const currentFamily = familyOf(current);
  if (faults.length === 0) {
    for (const declaration of declarations) {
      yield;
      const family = familyOf(declaration.version);
      const route = compileRoute(declaration, declarations, family, schema, options);
      family.routes.push(route);
      if (declaration.resource) family.itemRoutes.set(declaration.resource.values.type, route);
    }
  }
  return { families: [...families.values()], current: currentFamily, faults };
}
