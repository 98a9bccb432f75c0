/**
 * One fetch of a plan, compiled: find the entities, select what is sent of each, send equal ones once, put the parts that
 * come back into every place, and give each error the path of the null it explains.
 */
import { GraphQLError, type DocumentNode } from 'graphql';
import { describeError } from '../errors/catalogue.ts';
import { stringifyJson } from '../upstream/index.ts';
import type { PlacedFetch } from './fetch-order.ts';
import type { FetchTarget, SubgraphAnswer, SubgraphError, SubgraphOperation } from './fetch-target.ts';
import { mergeAnswer } from './merge-answer.ts';
import { isMembers, readOwn, type Members } from './own-members.ts';
import { objectsAt, placesAt, type ResponsePath } from './places.ts';
import type { RequestContext } from './request-context.ts';
import { compileRewrites, renamePath } from './rewrite.ts';
import { compileRepresentation } from './select-representation.ts';
import type { IsOfType } from './type-test.ts';

/** What the fetches of one client request share. */
export interface Execution {
  readonly data: Members;
  readonly errors: GraphQLError[];
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: RequestContext;
}

/** Never rejects; what goes wrong is among the errors of the execution. */
export type RunFetch = (execution: Execution) => Promise<void>;

export interface CompileFetchOptions {
  readonly placed: PlacedFetch;
  readonly document: DocumentNode;
  readonly target: FetchTarget;
  readonly isOfType: IsOfType;
}

/** Sends, merges, and gives the errors that came back, with the objects whose fields they are about. */
type Exchange = (execution: Execution, objects: readonly Members[]) => Promise<readonly PlacedError[]>;

interface PlacedError {
  readonly error: SubgraphError;
  /** Undefined when the subgraph did not say which field it is about. */
  readonly below: ResponsePath | undefined;
  readonly objects: readonly Members[];
}

export function compileFetch(options: CompileFetchOptions): RunFetch {
  const { step, path } = options.placed;
  const exchange = step.isEntityFetch ? compileEntityExchange(options) : compileRootExchange(options);
  return async (execution) => {
    const objects = objectsAt(execution.data, path);
    if (objects.length === 0) return;
    try {
      const errors = await exchange(execution, objects);
      if (errors.length > 0) reportErrors(errors, options.placed, execution);
    } catch (error) {
      execution.errors.push(new GraphQLError('A fetch failed', { originalError: error as Error }));
    }
  };
}

const toOperation = ({ placed: { step }, document }: CompileFetchOptions): SubgraphOperation => ({
  text: step.operation,
  name: step.operationName,
  document,
});

function compileRootExchange(options: CompileFetchOptions): Exchange {
  const { step } = options.placed;
  const operation = toOperation(options);
  const rewriteOutput = compileRewrites(step.outputRewrites, options.isOfType);
  return async (execution, objects) => {
    const answer = await options.target(operation, pickVariables(step.variables, execution), execution.context);
    if (isMembers(answer.data)) {
      rewriteOutput?.(answer.data);
      for (const object of objects) mergeAnswer(object, answer.data);
    }
    return (answer.errors ?? []).map((error) => ({ error, below: error.path, objects }));
  };
}

function compileEntityExchange(options: CompileFetchOptions): Exchange {
  const { step } = options.placed;
  const operation = toOperation(options);
  const groupEqual = compileGrouping(options);
  const rewriteOutput = compileRewrites(step.outputRewrites, options.isOfType);
  return async (execution, objects) => {
    const { representations, groups } = groupEqual(objects);
    if (representations.length === 0) return [];
    const variables = { ...pickVariables(step.variables, execution), representations };
    const answer = await options.target(operation, variables, execution.context);
    const entities = readEntities(answer, groups.length);
    if (entities === 'invalid') return [invalidAnswer(step.subgraph, objects.slice(0, 1))];
    entities.forEach((entity, index) => {
      if (!isMembers(entity)) return;
      const group = groups[index]!;
      if (rewriteOutput !== undefined) {
        // Rewrites are by type, and the fetch need not have asked for it again.
        entity['__typename'] ??= group[0]!['__typename'];
        rewriteOutput(entity);
      }
      for (const object of group) mergeAnswer(object, entity);
    });
    return (answer.errors ?? []).map((error) => placeError(error, groups));
  };
}

interface Grouping {
  readonly representations: readonly Members[];
  /** For each representation the objects that it stands for. */
  readonly groups: readonly Members[][];
}

/** Equal representations are sent once. */
function compileGrouping({
  placed: { step },
  isOfType,
}: CompileFetchOptions): (objects: readonly Members[]) => Grouping {
  const select = compileRepresentation(step.requires, isOfType);
  const rewriteInput = compileRewrites(step.inputRewrites, isOfType);
  return (objects) => {
    const representations: Members[] = [];
    const groups = new Map<string, Members[]>();
    for (const object of objects) {
      const representation = select(object);
      if (representation === null || typeof representation['__typename'] !== 'string') continue;
      rewriteInput?.(representation);
      const key = stringifyJson(representation);
      const group = groups.get(key);
      if (group !== undefined) {
        group.push(object);
        continue;
      }
      groups.set(key, [object]);
      representations.push(representation);
    }
    return { representations, groups: [...groups.values()] };
  };
}

function readEntities({ data }: SubgraphAnswer, count: number): readonly unknown[] | 'invalid' {
  if (data === null || data === undefined) return [];
  const entities = readOwn(data, '_entities');
  if (entities === null) return [];
  return Array.isArray(entities) && entities.length === count ? entities : 'invalid';
}

function invalidAnswer(service: string, objects: readonly Members[]): PlacedError {
  const extensions = { code: 'UPSTREAM_INVALID_RESPONSE', service, retryable: false, dispatched: true };
  const message = describeError('UPSTREAM_INVALID_RESPONSE', { service });
  return { error: { message, extensions }, below: [], objects };
}

/** Errors about `_entities.0.name` are about the name of all objects that the first representation stands for. */
function placeError(error: SubgraphError, groups: readonly Members[][]): PlacedError {
  const [, index, ...below] = error.path ?? [];
  if (typeof index !== 'number') return { error, below: error.path && [], objects: groups[0] ?? [] };
  return { error, below, objects: groups[index] ?? [] };
}

function pickVariables(names: readonly string[], { variables }: Execution): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const name of names) {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}

/** Places are looked up only now: most fetches bring no errors. */
function reportErrors(errors: readonly PlacedError[], { step, path }: PlacedFetch, execution: Execution): void {
  const places = placesAt(execution.data, path);
  for (const { error, below, objects } of errors) {
    if (below === undefined) {
      execution.errors.push(toError(error, undefined));
      continue;
    }
    const renamed = renamePath(below, step.outputRewrites);
    for (const object of new Set(objects)) {
      for (const place of places.get(object) ?? []) execution.errors.push(toError(error, [...place, ...renamed]));
    }
  }
}

const toError = (error: SubgraphError, path: ResponsePath | undefined): GraphQLError =>
  new GraphQLError(error.message, {
    ...(path === undefined ? {} : { path }),
    ...(error instanceof Error ? { originalError: error } : {}),
    ...(error.extensions === undefined ? {} : { extensions: error.extensions }),
  });
