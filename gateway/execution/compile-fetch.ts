/**
 * One fetch of a plan, compiled: find the entities, select what is sent of each, send equal ones once, put the parts that
 * come back into every place, and give each error the path of the null it explains.
 */
import { GraphQLError, isInterfaceType, type DocumentNode, type GraphQLSchema } from 'graphql';
import { describeError } from '../errors/catalogue.ts';
import { stringifyJson } from '../upstream/index.ts';
import type { Assembly } from './assembly.ts';
import { copyJson } from './copy-json.ts';
import type { PlacedFetch } from './fetch-order.ts';
import { askedFor, askOnce, kindOf, sharedKeyOf, type AskedEntities, type Sending } from './asked-entities.ts';
import { createEntityOutbox, type EntityOutbox, type Merges } from './entity-outbox.ts';
import type { FetchTarget, SubgraphAnswer, SubgraphError, SubgraphOperation } from './fetch-target.ts';
import { findStrangers } from './find-strangers.ts';
import { compileGrouping, type EntityGroup, type Representation } from './group-entities.ts';
import { mergeAnswer, mergeIntoAll } from './merge-answer.ts';
import { isMembers, readOwn, type Members } from './own-members.ts';
import { objectsAt, placesAt, type ResponsePath } from './places.ts';
import { isSame, Recollection, type RecollectionBound, type Token } from './recollection.ts';
import type { RequestContext } from './request-context.ts';
import { compileRewrites, renamePath } from './rewrite.ts';
import type { IsOfType } from './type-test.ts';

/** What the fetches of one client request share. */
export interface Execution {
  /** Whoever reads it has to assemble first. */
  readonly data: Members;
  readonly assembly: Assembly;
  /** What each fetch got, by its position. */
  readonly received: Token[];
  readonly errors: GraphQLError[];
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: RequestContext;
  readonly asked: AskedEntities;
  readonly outboxes: Map<FetchTarget, EntityOutbox>;
}

/** Never rejects; what goes wrong is among the errors of the execution. */
export type RunFetch = (execution: Execution) => Promise<void>;

export interface CompileFetchOptions {
  /** Its place among the fetches of the operation. */
  readonly position: number;
  readonly isMutation: boolean;
  readonly placed: PlacedFetch;
  readonly document: DocumentNode;
  readonly target: FetchTarget;
  readonly merges: Merges;
  readonly isOfType: IsOfType;
  readonly bound: RecollectionBound;
  /** Every type, also those that clients do not see. */
  readonly fullSchema: GraphQLSchema;
}

/** Sends, merges, and gives the errors that came back, with the objects whose fields they are about. */
type Exchange = (execution: Execution) => Promise<readonly PlacedError[]>;

interface PlacedError {
  readonly error: SubgraphError;
  /** Undefined when the subgraph did not say which field it is about. */
  readonly below: ResponsePath | undefined;
  readonly objects: readonly Members[];
}

export function compileFetch(options: CompileFetchOptions): RunFetch {
  const { step } = options.placed;
  const exchange = step.isEntityFetch ? compileEntityExchange(options) : compileRootExchange(options);
  return async (execution) => {
    try {
      const errors = await exchange(execution);
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
  const { step, path } = options.placed;
  const operation = toOperation(options);
  const rewriteOutput = compileRewrites(step.outputRewrites, options.isOfType);
  return async (execution) => {
    const { assembly, data: root } = execution;
    if (path.length > 0) assembly.assemble();
    const objects = objectsAt(root, path);
    if (objects.length === 0) return [];
    const answer = await options.target(operation, pickVariables(step.variables, execution), execution.context);
    const { data, errors = [], isShared = false } = answer;
    if (isMembers(data)) {
      if (isShared && errors.length === 0) execution.received[options.position] = data;
      assembly.add(() => {
        const own = isShared ? copyJson(data) : data;
        rewriteOutput?.(own);
        for (const object of objects) mergeAnswer(object, own);
      });
    }
    return errors.map((error) => ({ error, below: error.path, objects }));
  };
}

/** What was sent, and what came of it. */
interface Exchanged {
  readonly representations: readonly Representation[];
  /** Lists of entities in the order of the representations; each stands for its entities. The newest is last. */
  readonly received: (readonly unknown[])[];
}

/** Equal entities come in as many ways as their fetch leaves together with others. */
const KEPT_LISTS = 4;

/** The list that stands for these entities. */
function tokenOf(entities: readonly unknown[], { received }: Exchanged): readonly unknown[] {
  const known = received.find((list) => isSame(list, entities));
  if (known !== undefined) return known;
  if (received.push(entities) > KEPT_LISTS) received.shift();
  return entities;
}

function compileEntityExchange(options: CompileFetchOptions): Exchange {
  const { position, bound } = options;
  const { step, path, after } = options.placed;
  const groupEqual = compileGrouping(step, options.isOfType);
  const send = compileSending(options);
  const shared = options.isMutation ? undefined : sharedKeyOf(step, options.document);
  const exchanged = new Recollection<Exchanged>(bound);
  return async (execution) => {
    const { assembly, received } = execution;
    const inputs = after.map((index) => received[index]);
    const before = exchanged.find(inputs);
    let groups: ReadonlyMap<string, EntityGroup> = new Map();
    assembly.add(() => void (groups = groupEqual(objectsAt(execution.data, path))));
    if (before === undefined) assembly.assemble();
    const representations = before?.representations ?? [...groups.values()].map(({ representation }) => representation);
    const answers = await askOnce(representations, askedFor(shared, execution), (some) => send(some, execution));
    assembly.add(() => {
      for (const [text, { objects }] of groups) {
        const entity = answers.entities.get(text);
        if (isMembers(entity)) mergeIntoAll(objects, answers.areShared ? copyJson(entity) : entity);
      }
    });
    if (answers.errors.length > 0) {
      assembly.assemble();
      return answers.errors.map(({ error, text }) => ({
        error,
        below: error.path?.slice(2),
        objects: groups.get(text)?.objects ?? [],
      }));
    }
    if (!answers.areShared || inputs.includes(undefined)) return [];
    const entities = [...answers.entities.values()];
    // Another request may have come first.
    const known = before ?? exchanged.find(inputs);
    if (known === undefined) {
      const size = representations.reduce((sum, { text }) => sum + text.length, 0);
      exchanged.keep(inputs, { representations, received: [entities] }, size);
    }
    received[position] = known === undefined ? entities : tokenOf(entities, known);
    return [];
  };
}

/** Sends representations; rejects by a fault of ours alone. */
type Send = (representations: readonly Representation[], execution: Execution) => Promise<Sending>;

function compileSending(options: CompileFetchOptions): Send {
  const { step } = options.placed;
  const ask = compileAsking(options);
  const rewriteOutput = compileRewrites(step.outputRewrites, options.isOfType);
  return async (representations, execution) => {
    const answer = await ask(representations, pickVariables(step.variables, execution), execution);
    const received = readEntities(answer, representations.length);
    if (received === null) return failed(answer.errors ?? []);
    if (received === 'invalid') return failed([invalidAnswer(step.subgraph, ['_entities'])]);
    const isCopied = rewriteOutput !== undefined && answer.isShared === true;
    const entities = isCopied ? copyJson(received) : received;
    const isShared = answer.isShared === true && !isCopied;
    const strangers = findStrangers(entities, representations, options.isOfType);
    if (rewriteOutput !== undefined) {
      entities.forEach((entity, index) => {
        if (!isMembers(entity) || strangers.has(index)) return;
        // Rewrites are by type, and the fetch need not have asked for it again.
        entity['__typename'] ??= representations[index]!.typename;
        rewriteOutput(entity);
      });
    }
    const named = entities.map((entity) => withoutInterfaceName(entity, options.fullSchema));
    if (strangers.size > 0) return withoutStrangers(named, answer.errors ?? [], strangers, step.subgraph);
    return { entities: named, hasFailed: false, isShared, ...sortErrors(answer.errors ?? [], named.length) };
  };
}

const failed = (errors: readonly SubgraphError[]): Sending => ({
  entities: [],
  hasFailed: true,
  isShared: false,
  errorsAt: new Map(),
  errors,
});

/**
 * A subgraph that has an interface as an object (`@interfaceObject`) names the interface, also for an entity of which the type is
 * known already.
 */
function withoutInterfaceName(entity: unknown, fullSchema: GraphQLSchema): unknown {
  const typename = isMembers(entity) ? entity['__typename'] : undefined;
  if (typeof typename !== 'string' || !isInterfaceType(fullSchema.getType(typename))) return entity;
  const { __typename, ...others } = entity as Members;
  return others;
}

type Ask = (
  representations: readonly Representation[],
  variables: Readonly<Record<string, unknown>>,
  execution: Execution,
) => Promise<SubgraphAnswer>;

function compileAsking(options: CompileFetchOptions): Ask {
  const { target, merges, placed } = options;
  const { sendText } = target;
  const operation = toOperation(options);
  if (sendText === undefined || options.isMutation) {
    return (sent, variables, { context }) => {
      const representations = sent.map(({ value }) => value);
      return target(operation, { ...variables, representations }, context);
    };
  }
  const kind = kindOf(placed.step);
  return (representations, variables, { context, outboxes }) => {
    let outbox = outboxes.get(target);
    if (outbox === undefined) {
      outbox = createEntityOutbox(sendText, merges, context);
      outboxes.set(target, outbox);
    }
    const written = new Map(Object.entries(variables).map(([name, value]) => [name, stringifyJson(value)]));
    return outbox.send({
      kind,
      operation,
      variables: written,
      representations: representations.map(({ text }) => text),
    });
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

/** Null when the fetch brought no list at all. */
function readEntities({ data }: SubgraphAnswer, count: number): readonly unknown[] | 'invalid' | null {
  if (data === null || data === undefined) return null;
  const entities = readOwn(data, '_entities');
  if (entities === null) return null;
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
    hasFailed: false,
    isShared: false,
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
  execution.assembly.assemble();
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
