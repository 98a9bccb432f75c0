/**
 * @apollo/query-planner behind our interface, with its known faults mended around it (docs/explanation/planning.md): keys
 * that cannot be used (`order-keys.ts`), required fields with arguments (`lift-required-fields.ts`, `restore-fetch.ts`),
 * keys that are missing beside what is required (`require-keys.ts`), aliases that are names of fields (`rename-aliases.ts`), selections of which nothing is left (`keep-empty-objects.ts`).
 */
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import {
  getResponseName,
  QueryPlanner as ApolloPlanner,
  type FetchDataRewrite,
  type FetchNode,
  type PlanNode,
  type QueryPlan as ApolloPlan,
  type QueryPlanSelectionNode,
} from '@apollo/query-planner';
import {
  GraphQLError,
  isInterfaceType,
  isObjectType,
  parse,
  validate,
  visit,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import type { ErrorCode } from '../errors/catalogue.ts';
import { createEmptyKeeper } from './keep-empty-objects.ts';
import { liftRequiredFields } from './lift-required-fields.ts';
import { orderKeys } from './order-keys.ts';
import { printPlan } from './print-plan.ts';
import type { FetchStep, PlanStep, QueryPlan, QueryPlanner, RequiredSelection, Rewrite } from './query-planner.ts';
import { refuseOperation } from '../errors/refuse-operation.ts';
import { renameAliases } from './rename-aliases.ts';
import { createKeyRequirer } from './require-keys.ts';
import { restoreFetch } from './restore-fetch.ts';

export interface QueryPlannerOptions {
  /** Ways to reach one field that may be compared; an operation with more of them is refused. */
  readonly pathsLimit?: number;
}

/** Builds a planner for a composed supergraph; building takes tens of milliseconds, planning one operation a few. */
export function createQueryPlanner(supergraphSdl: string, options: QueryPlannerOptions = {}): QueryPlanner {
  const composed = orderKeys(parse(supergraphSdl, { noLocation: true }));
  const lifting = liftRequiredFields(composed);
  // What the product does with such features was decided when the subgraphs were composed.
  const supported = { supportedFeatures: null };
  const original = Supergraph.build(composed, supported);
  const prepared =
    lifting.lifted.size === 0
      ? original
      : // A field that is external for a @requires alone has no use once that is lifted, which would be a fault elsewhere.
        Supergraph.build(lifting.document, { ...supported, validateSupergraph: false });
  const planner = new ApolloPlanner(prepared, {
    // Its fetches are compiled one by one, and those without fragments can share what they ask for.
    reuseQueryFragments: false,
    debug: { maxEvaluatedPlans: 10_000, pathsLimit: options.pathsLimit ?? null },
  });
  const plannedSchema = prepared.apiSchema();
  const apiSchema = original.apiSchema().toGraphQLJSSchema();
  const keepEmptyObjects = createEmptyKeeper(composed, apiSchema);
  const fullSchema = original.schema.toGraphQLJSSchema();
  const requireKeys = createKeyRequirer(composed, fullSchema);
  const toFinalStep = (fetch: FetchStep): PlanStep => restoreFetch(requireKeys(fetch), lifting);
  const fieldNames = fieldNamesOf(prepared.schema.toGraphQLJSSchema());

  const planDocument = (client: DocumentNode, operationName?: string): QueryPlan => {
    refuseUnsupported(client, operationName);
    const { document, renamed } = renameAliases(keepEmptyObjects(client), fieldNames);
    const named = { validate: false, ...(operationName === undefined ? {} : { operationName }) };
    const { node } = build(() => planner.buildQueryPlan(operationFromDocument(plannedSchema, document, named)));
    const root = node === undefined ? undefined : toStep(node as PlanNode, toFinalStep);
    return {
      root,
      renamed,
      get text() {
        return printPlan(root);
      },
    };
  };

  return {
    apiSchema,
    fullSchema,
    planDocument,
    plan(text, operationName) {
      const document = parse(text);
      const [error] = validate(apiSchema, document);
      if (error !== undefined) throw error;
      return planDocument(document, operationName);
    },
  };
}

/** What the planner cannot do is said with a code: an operation that is too large, or that no subgraph can answer. */
function build(plan: () => ApolloPlan): ApolloPlan {
  try {
    return plan();
  } catch (error) {
    if (error instanceof GraphQLError || !(error instanceof Error)) throw error;
    const code = refusalOf(error.message);
    if (code === undefined) throw error;
    throw refuseOperation(code, { parameters: { reason: TOO_MANY_WAYS }, cause: error });
  }
}

const TOO_MANY_WAYS = 'The query can be planned in too many ways: ask for less at once';

/** The planner's errors have no codes. */
function refusalOf(message: string): ErrorCode | undefined {
  if (/^Too many options generated|exceeds limit of/.test(message)) return 'REQUEST_TOO_COMPLEX';
  if (message.startsWith('Was not able to find any options')) return 'OPERATION_UNANSWERABLE';
  return undefined;
}

/** What is in the language, and not in what an executor of ours or Apollo's can do. */
function refuseUnsupported(document: DocumentNode, operationName: string | undefined): void {
  visit(document, {
    OperationDefinition(node) {
      const isMeant = operationName === undefined || node.name?.value === operationName;
      if (isMeant && node.operation === 'subscription') throw unsupported('a subscription');
    },
    Directive(node) {
      if (node.name.value === 'defer' || node.name.value === 'stream') throw unsupported(`@${node.name.value}`);
    },
  });
}

/** With the names that the planner adds. */
const fieldNamesOf = (schema: GraphQLSchema): Set<string> =>
  new Set(
    Object.values(schema.getTypeMap()).flatMap((type) =>
      isObjectType(type) || isInterfaceType(type) ? ['__typename', ...Object.keys(type.getFields())] : [],
    ),
  );

function toStep(node: PlanNode, toFinalStep: (fetch: FetchStep) => PlanStep): PlanStep {
  const below = (part: PlanNode): PlanStep => toStep(part, toFinalStep);
  switch (node.kind) {
    case 'Sequence':
      return { kind: 'sequence', steps: node.nodes.map(below) };
    case 'Parallel':
      return { kind: 'parallel', steps: node.nodes.map(below) };
    case 'Flatten':
      return { kind: 'flatten', path: node.path.map(String), step: below(node.node) };
    case 'Condition':
      return {
        kind: 'condition',
        variable: node.condition,
        whenTrue: node.ifClause && below(node.ifClause),
        whenFalse: node.elseClause && below(node.elseClause),
      };
    case 'Fetch':
      return toFinalStep(toFetch(node));
    default:
      throw unsupported(`a plan with "${node.kind}"`);
  }
}

function toFetch(node: FetchNode): FetchStep {
  if (node.contextRewrites !== undefined && node.contextRewrites.length > 0) {
    throw unsupported('a field with values of a context');
  }
  return {
    kind: 'fetch',
    subgraph: node.serviceName,
    operation: node.operation,
    ...(node.operationName === undefined ? {} : { operationName: node.operationName }),
    isEntityFetch: node.requires !== undefined,
    variables: node.variableUsages ?? [],
    requires: (node.requires ?? []).map(toRequired),
    inputRewrites: (node.inputRewrites ?? []).map(toRewrite),
    outputRewrites: (node.outputRewrites ?? []).map(toRewrite),
  };
}

const unsupported = (what: string): GraphQLError => refuseOperation('OPERATION_UNSUPPORTED', { parameters: { what } });

function toRequired(node: QueryPlanSelectionNode): RequiredSelection {
  const selections = node.selections?.map(toRequired);
  if (node.kind === 'InlineFragment')
    return { kind: 'fragment', type: node.typeCondition, selections: selections ?? [] };
  return { kind: 'field', name: getResponseName(node), ...(selections === undefined ? {} : { selections }) };
}

const toRewrite = (rewrite: FetchDataRewrite): Rewrite =>
  rewrite.kind === 'ValueSetter'
    ? { kind: 'set', path: rewrite.path, value: rewrite.setValueTo as unknown }
    : { kind: 'rename', path: rewrite.path, name: rewrite.renameKeyTo };
