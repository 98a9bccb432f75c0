/** @apollo/query-planner behind our interface. */
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import {
  getResponseName,
  prettyFormatQueryPlan,
  QueryPlanner as ApolloPlanner,
  type FetchDataRewrite,
  type FetchNode,
  type PlanNode,
  type QueryPlanSelectionNode,
} from '@apollo/query-planner';
import { GraphQLError, parse, validate, type DocumentNode } from 'graphql';
import type { FetchStep, PlanStep, QueryPlan, QueryPlanner, RequiredSelection, Rewrite } from './query-planner.ts';

/** Builds a planner for a composed supergraph; building takes tens of milliseconds, planning one operation a few. */
export function createQueryPlanner(supergraphSdl: string): QueryPlanner {
  const supergraph = Supergraph.build(supergraphSdl);
  const planner = new ApolloPlanner(supergraph);
  const apiSchema = supergraph.apiSchema();
  const graphqlSchema = apiSchema.toGraphQLJSSchema();

  const planDocument = (document: DocumentNode, operationName?: string): QueryPlan => {
    const options = { validate: false, ...(operationName === undefined ? {} : { operationName }) };
    const plan = planner.buildQueryPlan(operationFromDocument(apiSchema, document, options));
    return {
      root: plan.node === undefined ? undefined : toStep(plan.node as PlanNode),
      text: prettyFormatQueryPlan(plan),
    };
  };

  return {
    apiSchema: graphqlSchema,
    fullSchema: supergraph.schema.toGraphQLJSSchema(),
    planDocument,
    plan(text, operationName) {
      const document = parse(text);
      const [error] = validate(graphqlSchema, document);
      if (error !== undefined) throw error;
      return planDocument(document, operationName);
    },
  };
}

function toStep(node: PlanNode): PlanStep {
  switch (node.kind) {
    case 'Sequence':
      return { kind: 'sequence', steps: node.nodes.map(toStep) };
    case 'Parallel':
      return { kind: 'parallel', steps: node.nodes.map(toStep) };
    case 'Flatten':
      return { kind: 'flatten', path: node.path.map(String), step: toStep(node.node) };
    case 'Condition':
      return {
        kind: 'condition',
        variable: node.condition,
        whenTrue: node.ifClause && toStep(node.ifClause),
        whenFalse: node.elseClause && toStep(node.elseClause),
      };
    case 'Fetch':
      return toFetch(node);
    default:
      throw new GraphQLError(`A plan with "${node.kind}" cannot be executed`);
  }
}

function toFetch(node: FetchNode): FetchStep {
  if (node.contextRewrites !== undefined && node.contextRewrites.length > 0) {
    throw new GraphQLError('A plan with values of a context cannot be executed');
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
