/**
 * One fetch of a plan, compiled: find the entities, select what is sent of each, send equal ones once, put the parts that
 * come back into every place, and give each error the path of the null it explains.
 */
import { GraphQLError, type DocumentNode } from 'graphql';
import { describeError } from '../errors/catalogue.ts';
import { stringifyJson } from '../upstream/index.ts';
import type { PlacedFetch } from './fetch-order.ts';
import { askedFor, kindOf, sharedKeyOf, type Asked, type AskedEntities, type Sending } from './asked-entities.ts';
import { createEntityOutbox, type EntityOutbox, type Merges } from './entity-outbox.ts';
import type { FetchTarget, SubgraphAnswer, SubgraphError, SubgraphOperation } from './fetch-target.ts';
import { findStrangers } from './find-strangers.ts';
import { compileGrouping, type EntityGroup } from './group-entities.ts';
import { mergeAnswer, mergeIntoAll } from './merge-answer.ts';
import { isMembers, readOwn, type Members } from './own-members.ts';
import { objectsAt, placesAt, type ResponsePath } from './places.ts';
import type { RequestContext } from './request-context.ts';
import { compileRewrites, renamePath } from './rewrite.ts';
import type { IsOfType } from './type-test.ts';

/** What the fetches of one client request share. */
export interface Execution {
  readonly data: Members;
  readonly errors: GraphQLError[];
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: RequestContext;
  readonly asked: AskedEntities;
  readonly outboxes: Map<FetchTarget, EntityOutbox>;
}

/** Never rejects; what goes wrong is among the errors of the execution. */
export type RunFetch = (execution: Execution) => Promise<void>;

export interface CompileFetchOptions {
  readonly isMutation: boolean;
  readonly placed: PlacedFetch;
  readonly document: DocumentNode;
  readonly target: FetchTarget;
  readonly merges: Merges;
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
  const groupEqual = compileGrouping(step, options.isOfType);
  const send = compileSending(options);
  const shared = options.isMutation ? undefined : sharedKeyOf(step, options.document);
  return async (execution, objects) => {
    const groups = groupEqual(objects);
    if (groups.size === 0) return [];
    const asked = shared === undefined ? new Map<string, Asked>() : askedFor(shared, execution);
    const fresh = [...groups].filter(([key]) => !asked.has(key));
    if (fresh.length > 0) {
      const sending = send(
        fresh.map(([, group]) => group),
        execution,
      );
      fresh.forEach(([key], index) => asked.set(key, { sending, index }));
    }
    const sendings = new Set([...groups.keys()].map((key) => asked.get(key)!.sending));
    const sent = new Map(await Promise.all([...sendings].map(async (sending) => [sending, await sending] as const)));
    const errors: PlacedError[] = [];
    for (const [key, { objects: equal }] of groups) {
      const { sending, index } = asked.get(key)!;
      const { entities, errorsAt, errors: others } = sent.get(sending)!;
      const entity = entities[index];
      if (isMembers(entity)) mergeIntoAll(equal, entity);
      for (const error of errorsAt.get(index) ?? []) errors.push({ error, below: belowEntity(error), objects: equal });
      // What is not about one entity, or speaks for all of a failed fetch, is said once, of the first.
      if (sendings.delete(sending)) {
        errors.push(...others.map((error) => ({ error, below: belowEntity(error), objects: equal })));
      }
    }
    return errors;
  };
}

const belowEntity = ({ path }: SubgraphError): ResponsePath | undefined => path?.slice(2);

/** Sends representations; rejects by a fault of ours alone. */
type Send = (groups: readonly EntityGroup[], execution: Execution) => Promise<Sending>;

function compileSending(options: CompileFetchOptions): Send {
  const { step } = options.placed;
  const ask = compileAsking(options);
  const rewriteOutput = compileRewrites(step.outputRewrites, options.isOfType);
  return async (groups, execution) => {
    const answer = await ask(groups, pickVariables(step.variables, execution), execution);
    const entities = readEntities(answer, groups.length);
    if (entities === 'invalid')
      return { entities: [], ...sortErrors([invalidAnswer(step.subgraph, ['_entities'])], 0) };
    const strangers = findStrangers(entities, groups, options.isOfType);
    if (rewriteOutput !== undefined) {
      entities.forEach((entity, index) => {
        if (!isMembers(entity) || strangers.has(index)) return;
        // Rewrites are by type, and the fetch need not have asked for it again.
        entity['__typename'] ??= groups[index]!.objects[0]!['__typename'];
        rewriteOutput(entity);
      });
    }
    if (strangers.size > 0) return withoutStrangers(entities, answer.errors ?? [], strangers, step.subgraph);
    return { entities, ...sortErrors(answer.errors ?? [], entities.length) };
  };
}

type Ask = (
  groups: readonly EntityGroup[],
  variables: Readonly<Record<string, unknown>>,
  execution: Execution,
) => Promise<SubgraphAnswer>;

function compileAsking(options: CompileFetchOptions): Ask {
  const { target, merges, placed } = options;
  const { sendText } = target;
  const operation = toOperation(options);
  if (sendText === undefined || options.isMutation) {
    return (groups, variables, { context }) => {
      const representations = groups.map(({ representation }) => representation());
      return target(operation, { ...variables, representations }, context);
    };
  }
  const kind = kindOf(placed.step);
  return (groups, variables, { context, outboxes }) => {
    let outbox = outboxes.get(target);
    if (outbox === undefined) {
      outbox = createEntityOutbox(sendText, merges, context);
      outboxes.set(target, outbox);
    }
    const written = new Map(Object.entries(variables).map(([name, value]) => [name, stringifyJson(value)]));
    return outbox.send({ kind, operation, variables: written, representations: groups.map(({ text }) => text) });
  };
}

/** Those about one entity by its number, and the others. */
function sortErrors(all: readonly SubgraphError[], count: number): Pick<Sending, 'errors' | 'errorsAt'> {
  const errors: SubgraphError[] = [];
  const errorsAt = new Map<number, SubgraphError[]>();
  for (const error of all) {
    const index = error.path?.[1];
    if (typeof index !== 'number' || index >= count) errors.push(error);
    else if (errorsAt.has(index)) errorsAt.get(index)!.push(error);
    else errorsAt.set(index, [error]);
  }
  return { errors, errorsAt };
}

/** Empty when the fetch brought no list at all. */
function readEntities({ data }: SubgraphAnswer, count: number): readonly unknown[] | 'invalid' {
  if (data === null || data === undefined) return [];
  const entities = readOwn(data, '_entities');
  if (entities === null) return [];
  return Array.isArray(entities) && entities.length === count ? entities : 'invalid';
}

/** What strangers say of their own fields is about something that nobody asked for. */
function withoutStrangers(
  entities: readonly unknown[],
  errors: readonly SubgraphError[],
  strangers: ReadonlySet<number>,
  service: string,
): Sending {
  const { errorsAt, errors: others } = sortErrors(errors, entities.length);
  const ofStrangers = [...strangers].map((index) => [index, [invalidAnswer(service, ['_entities', index])]] as const);
  return {
    entities: entities.map((entity, index) => (strangers.has(index) ? null : entity)),
    errorsAt: new Map([...errorsAt, ...ofStrangers]),
    errors: others,
  };
}

function invalidAnswer(service: string, path: ResponsePath): SubgraphError {
  const extensions = { code: 'UPSTREAM_INVALID_RESPONSE', service, retryable: false, dispatched: true };
  return { message: describeError('UPSTREAM_INVALID_RESPONSE', { service }), path, extensions };
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
