/** `tributary plan`: the fetches of a query, in order, with the REST calls that its connectors may make. */
import { GraphQLError, parse, TypeInfo, visit, visitWithTypeInfo, type GraphQLSchema } from 'graphql';
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
  const { connectors } = subgraph;
  const calls = coordinatesOf(step.operation, connectors.schema).flatMap((coordinate) => {
    const batches = connectors.nameCalls(coordinate).filter((name) => name.startsWith(BATCH));
    return connectors
      .describeCalls(coordinate)
      .map((call) => (batches.some((name) => name.endsWith(call)) ? BATCH + call : call));
  });
  return [...new Set(calls)];
}

/** How the names of calls mark one call for many entities. */
const BATCH = '[BATCH] ';

const ENTITIES = '_entities';

/** Each field with its type, at any depth, and the types of the entities that are asked for. */
function coordinatesOf(operation: string, schema: GraphQLSchema): string[] {
  const types = new TypeInfo(schema);
  const found: string[] = [];
  const isAmongEntities: boolean[] = [];
  visit(
    parse(operation),
    visitWithTypeInfo(types, {
      Field: {
        enter({ name: { value: name } }) {
          isAmongEntities.push(name === ENTITIES);
          const type = types.getParentType()?.name;
          if (type !== undefined && name !== ENTITIES && name !== '__typename') found.push(`${type}.${name}`);
        },
        leave: () => void isAmongEntities.pop(),
      },
      InlineFragment({ typeCondition }) {
        if (isAmongEntities.at(-1) === true && typeCondition !== undefined) found.push(typeCondition.name.value);
      },
    }),
  );
  return found;
}
