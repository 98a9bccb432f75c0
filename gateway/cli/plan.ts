/** `tributary plan`: the fetches of a query, in order, with the REST calls that its connectors may make. */
import { GraphQLError, parse, type SelectionSetNode } from 'graphql';
import { createQueryPlanner } from '../planning/apollo-query-planner.ts';
import type { FetchStep, PlanStep, QueryPlan } from '../planning/query-planner.ts';
import type { Graph } from '../supergraph/load-graph.ts';
import type { CommandIo } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { loadGraphOffline } from './load-graph-offline.ts';
import { printOutcome } from './report.ts';

export async function plan(query: string, flags: { config: string; json?: boolean }, io: CommandIo): Promise<ExitCode> {
  const graph = loadGraphOffline(flags.config, io.env);
  let queryPlan: QueryPlan;
  try {
    queryPlan = createQueryPlanner(graph.supergraphSdl).plan(query);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const message = error.message.replace(/\.$/, '');
    io.err(`error[GRAPHQL_VALIDATION_FAILED] ${message}`);
    const finding = { code: 'GRAPHQL_VALIDATION_FAILED', severity: 'error', message } as const;
    const outcome = { exitCode: exitCodes.findings, data: null, text: '', findings: [finding] };
    return printOutcome('plan', outcome, flags.json === true, io);
  }
  const lines = queryPlan.root === undefined ? ['Nothing is fetched'] : printStep(queryPlan.root, graph, '');
  const data = { plan: queryPlan.root ?? null, text: queryPlan.text };
  return printOutcome('plan', { exitCode: exitCodes.done, data, text: lines.join('\n') }, flags.json === true, io);
}

function printStep(step: PlanStep, graph: Graph, indent: string): string[] {
  switch (step.kind) {
    case 'sequence':
    case 'parallel': {
      const title = step.kind === 'sequence' ? 'one after the other' : 'at the same time';
      return [`${indent}${title}:`, ...step.steps.flatMap((part) => printStep(part, graph, `${indent}  `))];
    }
    case 'flatten':
      return [`${indent}at ${step.path.join('.')}:`, ...printStep(step.step, graph, `${indent}  `)];
    case 'condition': {
      const branch = (value: boolean, part: PlanStep | undefined) =>
        part === undefined
          ? []
          : [`${indent}when $${step.variable} is ${value}:`, ...printStep(part, graph, `${indent}  `)];
      return [...branch(true, step.whenTrue), ...branch(false, step.whenFalse)];
    }
    case 'fetch':
      return [`${indent}fetch from ${step.subgraph}`, ...callsOf(step, graph).map((call) => `${indent}  ${call}`)];
  }
}

/** A remote subgraph is one POST; a declared one makes the calls of the connectors behind the fields it is asked for. */
function callsOf(step: FetchStep, graph: Graph): string[] {
  const subgraph = graph.subgraphs.find(({ name }) => name === step.subgraph);
  if (subgraph?.kind !== 'connectors') return ['POST the subgraph operation'];
  const calls = coordinatesOf(step.operation).flatMap((coordinate) => subgraph.connectors.describeCalls(coordinate));
  return [...new Set(calls)];
}

/** Root fields, and for entities each type with its fields. */
function coordinatesOf(operation: string): string[] {
  return parse(operation).definitions.flatMap((definition) => {
    if (definition.kind !== 'OperationDefinition') return [];
    const root = definition.operation === 'mutation' ? 'Mutation' : 'Query';
    return definition.selectionSet.selections.flatMap((selection) => {
      if (selection.kind !== 'Field') return [];
      if (selection.name.value !== '_entities') return [`${root}.${selection.name.value}`];
      return entityCoordinates(selection.selectionSet);
    });
  });
}

function entityCoordinates(selectionSet: SelectionSetNode | undefined): string[] {
  return (selectionSet?.selections ?? []).flatMap((selection) => {
    if (selection.kind !== 'InlineFragment' || selection.typeCondition === undefined) return [];
    const type = selection.typeCondition.name.value;
    const fields = selection.selectionSet.selections.flatMap((field) =>
      field.kind === 'Field' && field.name.value !== '__typename' ? [`${type}.${field.name.value}`] : [],
    );
    return [type, ...fields];
  });
}
