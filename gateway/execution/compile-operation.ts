/**
 * An operation with its plan, compiled once into closures: fetches in their order, the shape of the answer, introspection.
 * Conditions (@skip, @include) are decided before, so each combination that clients use is compiled by itself.
 */
import {
  getVariableValues,
  GraphQLError,
  Kind,
  parse,
  valueFromASTUntyped,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { PlanCache } from '../planning/plan-cache.ts';
import type { FetchStep, PlanStep, QueryPlan } from '../planning/query-planner.ts';
import { refuseOperation } from '../errors/refuse-operation.ts';
import { collectFields, fragmentsOf, type Conditions } from './collect-fields.ts';
import { compileFetch, type Execution, type RunFetch } from './compile-fetch.ts';
import { createMerges } from './entity-outbox.ts';
import { Assembly } from './assembly.ts';
import { explainNulls } from './explain-nulls.ts';
import { joinLastFetches } from './join-last-fetches.ts';
import { orderFetches } from './fetch-order.ts';
import type { FetchTarget } from './fetch-target.ts';
import { compileIntrospection } from './introspect.ts';
import { Recollection, type RecollectionBound } from './recollection.ts';
import type { RequestContext } from './request-context.ts';
import { compileShape, type Shaping } from './shape-response.ts';
import type { AnswerTexts } from './answer-texts.ts';
import type { Members } from './own-members.ts';
import type { IsOfType } from './type-test.ts';

export interface CompileOperationOptions {
  /** What clients see. */
  readonly apiSchema: GraphQLSchema;
  /** Every type, also those that clients do not see. */
  readonly fullSchema: GraphQLSchema;
  readonly targets: ReadonlyMap<string, FetchTarget>;
  /** Over `fullSchema`. */
  readonly isOfType: IsOfType;
  /** Over `apiSchema`. */
  readonly isOfApiType: IsOfType;
  readonly bound: RecollectionBound;
  readonly texts: AnswerTexts;
}

type Variables = Readonly<Record<string, unknown>>;

/** Runs the operation; variables as the client sent them. */
export type RunOperation = (variables: Variables, context: RequestContext) => Promise<ExecutionResult>;

/** Combinations of conditions that one operation may keep compiled. */
const KEPT_VARIANTS = 16;

/** Faults of variables that are told: each costs time, and a list can have one for each of its items. */
const MOST_FAULTS = 10;

/** The document must be valid, and have the operation; the plan is for this operation. */
export function compileOperation(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  { root, renamed }: Pick<QueryPlan, 'root' | 'renamed'>,
  options: CompileOperationOptions,
): RunOperation {
  const { apiSchema } = options;
  const definitions = operation.variableDefinitions ?? [];
  const conditionNames = conditionVariables(document, root);
  const defaults = Object.fromEntries(
    definitions.map(({ variable, defaultValue }) => [
      variable.name.value,
      defaultValue === undefined ? undefined : valueFromASTUntyped(defaultValue),
    ]),
  );
  const documents = new WeakMap<FetchStep, DocumentNode>();
  const documentOf = (step: FetchStep): DocumentNode => {
    const known = documents.get(step) ?? parse(step.operation, { noLocation: true });
    documents.set(step, known);
    return known;
  };
  const variants = new PlanCache<RunOperation>(KEPT_VARIANTS);
  const compile = (conditions: Conditions): RunOperation =>
    compileVariant({ ...options, document, operation, root, renamed, conditions, documentOf });

  return async (variables, context) => {
    if (definitions.length > 0) {
      const { errors } = getVariableValues(apiSchema, definitions, variables, { maxErrors: MOST_FAULTS });
      // One more says that there were more, and says it of no variable.
      if (errors !== undefined) return { errors: errors.slice(0, MOST_FAULTS) };
    }
    const conditions = Object.fromEntries(
      conditionNames.map((name) => [name, (variables[name] ?? defaults[name]) === true]),
    );
    const key = conditionNames.map((name) => (conditions[name] === true ? '1' : '0')).join('');
    return variants.get(key, () => compile(conditions))(variables, context);
  };
}

interface VariantOptions extends CompileOperationOptions {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly root: PlanStep | undefined;
  readonly renamed: QueryPlan['renamed'];
  readonly conditions: Conditions;
  readonly documentOf: (step: FetchStep) => DocumentNode;
}

function compileVariant(options: VariantOptions): RunOperation {
  const { document, operation, root, renamed, conditions, documentOf, isOfType } = options;
  const schema = options.apiSchema;
  const rootType = schema.getRootType(operation.operation);
  if (!rootType) throw new GraphQLError(`The graph has no ${operation.operation}`);
  const collect = { fragments: fragmentsOf(document), conditions, isOfType: options.isOfApiType };
  const shape = compileShape(rootType, operation.selectionSet, { ...collect, schema, renamed });
  const rootFields = [...collectFields(rootType.name, [operation.selectionSet], collect).values()].flat();
  const introspect = compileIntrospection(schema, document, operation, rootFields);
  refuseUnanswerable(root, rootFields);
  const restorePaths = compileRestoring(renamed);
  const isMutation = operation.operation === 'mutation';
  const ordered = orderFetches(root, { conditions, isMutation, documentOf, fullSchema: options.fullSchema });
  const isOverNetwork = (subgraph: string): boolean => options.targets.get(subgraph)?.sendText !== undefined;
  const placed = isMutation ? ordered : joinLastFetches(ordered, isOverNetwork);
  const merges = createMerges();
  const fetches = placed.map((fetch, position) => {
    const target = options.targets.get(fetch.step.subgraph);
    if (target === undefined) throw new GraphQLError(`Nothing answers for subgraph "${fetch.step.subgraph}"`);
    const run = compileFetch({
      position,
      placed: fetch,
      isMutation,
      document: documentOf(fetch.step),
      target,
      merges,
      isOfType,
      bound: options.bound,
      fullSchema: options.fullSchema,
    });
    return { run, after: fetch.after };
  });

  const answered = new Recollection<Members>(options.bound);
  // Introspection answers by variables, which no fetch has seen.
  const isByFetchesAlone = introspect === undefined && !isMutation;

  return async (variables, context) => {
    const received = fetches.map(() => undefined);
    const execution = createExecution(received, variables, context);
    await runFetches(fetches, execution);
    const before = isByFetchesAlone ? answered.find(received) : undefined;
    if (before !== undefined) return { data: before };
    execution.assembly.assemble();
    const shaping: Shaping = { path: [], faults: [], introspection: introspect?.(variables) ?? {} };
    const data = shape(execution.data, shaping);
    const errors = explainNulls(restorePaths(execution.errors), shaping.faults);
    if (errors.length > 0) return { data, errors };
    if (data !== null && isByFetchesAlone && received.length > 0 && !received.includes(undefined)) {
      answered.keep(received, data, options.texts.write(data).length);
    }
    return { data };
  };
}

const createExecution = (
  received: Execution['received'],
  variables: Variables,
  context: RequestContext,
): Execution => ({
  data: {},
  assembly: new Assembly(),
  received,
  errors: [],
  variables,
  context,
  asked: new Map(),
  outboxes: new Map(),
});

/** A plan without a single fetch, for fields that only a subgraph can give, would give nulls and no reason. */
function refuseUnanswerable(root: PlanStep | undefined, rootFields: readonly FieldNode[]): void {
  if (root !== undefined || rootFields.every(({ name }) => name.value.startsWith('__'))) return;
  throw refuseOperation('OPERATION_UNANSWERABLE', { nodes: rootFields });
}

/** Errors have the names of the plan in their paths; clients know theirs. */
function compileRestoring(renamed: QueryPlan['renamed']): (errors: readonly GraphQLError[]) => readonly GraphQLError[] {
  if (renamed.size === 0) return (errors) => errors;
  const names = new Map([...renamed].map(([client, planned]) => [planned, client]));
  return (errors) =>
    errors.map((error) => {
      const path = error.path?.map((element) =>
        typeof element === 'string' ? (names.get(element) ?? element) : element,
      );
      if (path === undefined) return error;
      const { message, extensions, originalError } = error;
      return new GraphQLError(message, { path, extensions, ...(originalError === undefined ? {} : { originalError }) });
    });
}

/** Each fetch begins when those it waits for are done. */
async function runFetches(
  fetches: readonly { readonly run: RunFetch; readonly after: readonly number[] }[],
  execution: Execution,
): Promise<void> {
  const done: Promise<unknown>[] = [];
  for (const { run, after } of fetches) {
    const ready = after.map((index) => done[index]!);
    done.push(ready.length === 0 ? run(execution) : Promise.all(ready).then(() => run(execution)));
  }
  await Promise.all(done);
}

/** Variables that decide what is asked for: in @skip and @include, and in the plan. */
function conditionVariables(document: DocumentNode, root: PlanStep | undefined): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive({ name, arguments: args = [] }) {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of args) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  const add = (step: PlanStep | undefined): void => {
    if (step === undefined || step.kind === 'fetch') return;
    if (step.kind === 'flatten') return add(step.step);
    if (step.kind !== 'condition') return step.steps.forEach(add);
    names.add(step.variable);
    add(step.whenTrue);
    add(step.whenFalse);
  };
  add(root);
  return [...names];
}
