/**
 * Operations on a connector subgraph, run without graphql-js (performance.md, 2.7): a document is compiled once into closures
 * over the connectors, for each combination of its conditions. What plans never send (introspection, root fields without a
 * connector, representations of unknown types) is left to graphql-js over the subgraph's schema, which is also the
 * reference that the tests hold this against.
 */
import {
  getVariableValues,
  isNonNullType,
  isObjectType,
  isUnionType,
  Kind,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type VariableDefinitionNode,
} from 'graphql';
import {
  isObject,
  noShape,
  requestedFields,
  settle,
  type ConnectorContext,
  type FieldTable,
  type Origin,
  type RootField,
  type Value,
  type ValueObject,
} from '../../connectors/index.ts';
import { PlanCache } from '../../planning/plan-cache.ts';
import { collectFields, fragmentsOf, type Conditions } from '../collect-fields.ts';
import type { Members } from '../own-members.ts';
import { createTypeTest } from '../type-test.ts';
import { compileArguments, type ArgumentsOf } from './argument-values.ts';
import { compileObject, compilePosition, type CompleteObject } from './complete-value.ts';
import type { DirectScope } from './direct-scope.ts';
import { dropAt, pathTo, type Place } from './place.ts';
import { createRun, FAILED, noteError, untilIdle, whenGained, type Run } from './run.ts';

type Variables = Readonly<Record<string, unknown>>;

/** Runs a document; undefined: not one that is run here, graphql-js has to. */
export type RunDirect = (
  document: DocumentNode,
  variables: Variables,
  context: ConnectorContext,
) => Promise<ExecutionResult> | undefined;

/** Combinations of conditions of one document that are kept compiled. */
const KEPT_VARIANTS = 16;

export interface DirectOptions {
  readonly schema: GraphQLSchema;
  readonly table: FieldTable;
}

export function createDirectExecutor(options: DirectOptions): RunDirect {
  const compiled = new WeakMap<DocumentNode, RunOperation | 'left'>();
  return (document, variables, context) => {
    let run = compiled.get(document);
    if (run === undefined) compiled.set(document, (run = compileDocument(document, options) ?? 'left'));
    return run === 'left' ? undefined : run(variables, context);
  };
}

type RunOperation = (variables: Variables, context: ConnectorContext) => Promise<ExecutionResult> | undefined;

function compileDocument(document: DocumentNode, options: DirectOptions): RunOperation | undefined {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const [operation] = operations;
  if (operation === undefined || operations.length > 1 || !isRunHere(document, operation, options)) return undefined;
  const coerce = compileVariables(operation.variableDefinitions ?? [], options.schema);
  const conditionNames = conditionVariables(document);
  const variants = new PlanCache<RunVariant>(KEPT_VARIANTS);
  return (inputs, context) => {
    const variables = coerce(inputs);
    if (Array.isArray(variables)) return Promise.resolve({ errors: variables });
    const known = variables as Variables;
    const conditions = Object.fromEntries(conditionNames.map((name) => [name, known[name] === true]));
    const key = conditionNames.map((name) => (conditions[name] === true ? '1' : '0')).join('');
    const run = variants.get(key, () => compileVariant(document, operation, conditions, options));
    return run(createRun(context, known));
  };
}

/** Nothing but fields that have connectors, and entities. */
function isRunHere(document: DocumentNode, operation: OperationDefinitionNode, options: DirectOptions): boolean {
  if (operation.operation === OperationTypeNode.SUBSCRIPTION) return false;
  const rootType = options.schema.getRootType(operation.operation);
  if (!rootType) return false;
  const roots = options.table.roots.get(rootType.name);
  const isKnown = rootFieldNames(operation.selectionSet, fragmentsOf(document)).every(
    (name) => name === '__typename' || name === '_entities' || roots?.has(name) === true,
  );
  // Names like "__proto__" need the care of graphql-js
  let isPlain = true;
  visit(document, {
    Field({ name, alias }) {
      if (alias?.value === '__proto__' || name.value === '__schema' || name.value === '__type') isPlain = false;
    },
  });
  return isKnown && isPlain;
}

/** Whatever their conditions. */
function rootFieldNames(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    return fragment === undefined ? [] : rootFieldNames(fragment.selectionSet, fragments);
  });
}

type RunVariant = (run: Run) => Promise<ExecutionResult> | undefined;

function compileVariant(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  conditions: Conditions,
  { schema, table }: DirectOptions,
): RunVariant {
  const rootType = schema.getRootType(operation.operation)!;
  const fragments = fragmentsOf(document);
  const isMutation = operation.operation === OperationTypeNode.MUTATION;
  const scope: DirectScope = {
    table,
    collect: { fragments, conditions, isOfType: createTypeTest(schema) },
    document: { fragments: Object.fromEntries(fragments) },
    isMutation,
    objectType(name) {
      const type = schema.getType(name);
      if (!isObjectType(type)) throw new TypeError(`${name} is no object type`);
      return type;
    },
    fieldOf(typeName, name) {
      const field = table.objects.get(typeName)?.get(name);
      if (field === undefined) throw new TypeError(`${typeName} has no field ${name}`);
      return field;
    },
  };
  const entities = entityTypes(schema);
  const fields = [...collectFields(rootType.name, [operation.selectionSet], scope.collect)].map(
    ([key, nodes]): StartField => {
      const name = nodes[0]!.name.value;
      if (name === '__typename') return { key, start: () => rootType.name };
      const definition = rootType.getFields()[name]!;
      const argumentsOf = compileArguments(definition, nodes[0]!);
      if (name === '_entities') return compileEntities({ key, nodes, argumentsOf }, entities, scope);
      const root = table.roots.get(rootType.name)!.get(name)!;
      const complete = compilePosition(definition.type, { name: `${rootType.name}.${name}`, nodes }, scope);
      return compileRoot({ key, nodes, argumentsOf }, root, complete, isNonNullType(definition.type), scope);
    },
  );
  const isRunnable = (run: Run): boolean => fields.every(({ accepts }) => accepts === undefined || accepts(run));
  return (run) => (isRunnable(run) ? runFields(fields, isMutation, run) : undefined);
}

/** One field at the root. */
interface StartField {
  readonly key: string;
  /** Whether it can be run here with these variables. */
  readonly accepts?: (run: Run) => boolean;
  readonly start: (place: Place, output: Members, run: Run) => unknown;
}

async function runFields(fields: readonly StartField[], isMutation: boolean, run: Run): Promise<ExecutionResult> {
  const data: Members = {};
  const answer: { data: Members | null } = { data };
  const place: Place = { up: undefined, container: answer, key: 'data', isNonNull: false };
  for (const { key, start } of fields) {
    data[key] = null;
    const value = start(place, data, run);
    if (value === FAILED) dropAt(place);
    else data[key] = value;
    // Writes come one after the other, and a failed one ends what follows where null cannot stand
    if (isMutation) await untilIdle(run);
    if (answer.data === null) break;
  }
  await untilIdle(run);
  return run.errors.length === 0 ? { data: answer.data } : { data: answer.data, errors: run.errors };
}

interface FieldParts {
  readonly key: string;
  readonly nodes: readonly FieldNode[];
  readonly argumentsOf: ArgumentsOf;
}

function compileRoot(
  { key, nodes, argumentsOf }: FieldParts,
  { entry, demand, gain }: RootField,
  complete: ReturnType<typeof compilePosition>,
  isNonNull: boolean,
  { table, document, isMutation }: DirectScope,
): StartField {
  const fieldNodes = [...nodes];
  const info = { fieldNodes, ...document };
  const wanted = table.wanted.read(info, namedType(entry.type));
  const use = { isMutation, requested: () => requestedFields(info), wanted };
  return {
    key,
    start(place, output, run) {
      const fail = (error: unknown): unknown => {
        noteError(run, error, nodes, place, key);
        return isNonNull ? FAILED : null;
      };
      try {
        const gaining = gain(argumentsOf(run), run.context, use);
        whenGained(run, gaining, (gained, fault) => {
          let completed: unknown;
          try {
            if (gained === undefined) throw fault;
            const value = settle(gained, demand, run.context, () => pathTo(place, key));
            completed = complete(value, gained.origin, place, output, key, run);
          } catch (error) {
            completed = fail(error);
          }
          if (completed === FAILED) dropAt(place);
          else output[key] = completed;
        });
        return null;
      } catch (error) {
        return fail(error);
      }
    },
  };
}

const namedType = (type: RootField['entry']['type']): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);

// --- entities --------------------------------------------------------------------------------------------------------

/** The types whose representations `_entities` takes. */
function entityTypes(schema: GraphQLSchema): ReadonlySet<string> {
  const union = schema.getType('_Entity');
  return new Set(isUnionType(union) ? union.getTypes().map(({ name }) => name) : []);
}

function compileEntities(
  { key, nodes, argumentsOf }: FieldParts,
  types: ReadonlySet<string>,
  scope: DirectScope,
): StartField {
  const info = { fieldNodes: [...nodes], ...scope.document };
  const byType = new Map<string, { readonly complete: CompleteObject; readonly origin: Origin }>();
  const completeAs = (name: string) => {
    let known = byType.get(name);
    if (known === undefined) {
      const complete = compileObject(scope.objectType(name), nodes, false, scope);
      const origin = { shape: noShape, wanted: scope.table.wanted.read(info, name) };
      byType.set(name, (known = { complete, origin }));
    }
    return known;
  };
  const representationsOf = (run: Run): Value => argumentsOf(run)['representations']!;
  const isKnown = (representation: Value): boolean =>
    isObject(representation) &&
    typeof representation['__typename'] === 'string' &&
    types.has(representation['__typename']);
  return {
    key,
    accepts(run) {
      try {
        const representations = representationsOf(run);
        return Array.isArray(representations) && representations.every(isKnown);
      } catch {
        return false;
      }
    },
    start(up, container, run) {
      const place: Place = { up, container, key, isNonNull: true };
      const list: unknown[] = [];
      for (const representation of representationsOf(run) as ValueObject[]) {
        const { complete, origin } = completeAs(representation['__typename'] as string);
        const completed = complete(representation, origin, place, list, list.length, run);
        list.push(completed === FAILED ? null : completed);
      }
      return list;
    },
  };
}

// --- variables -------------------------------------------------------------------------------------------------------

type CoerceVariables = (inputs: Variables) => Variables | NonNullable<ExecutionResult['errors']>;

function compileVariables(definitions: readonly VariableDefinitionNode[], schema: GraphQLSchema): CoerceVariables {
  const none: Variables = {};
  if (definitions.length === 0) return () => none;
  // Representations are taken as they are: nothing would be coerced in them, and there may be thousands
  const others = definitions.filter(({ variable }) => variable.name.value !== 'representations');
  const isRaw = others.length < definitions.length;
  return (inputs) => {
    const { coerced, errors } = getVariableValues(schema, isRaw ? others : definitions, inputs, { maxErrors: 50 });
    if (errors !== undefined) return errors;
    return isRaw ? { ...coerced, representations: inputs['representations'] } : coerced;
  };
}

/** Variables that @skip and @include ask for. */
function conditionVariables(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive({ name, arguments: args = [] }) {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of args) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}
