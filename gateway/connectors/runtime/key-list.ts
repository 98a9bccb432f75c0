/**
 * `@tributaryKeyList` (connectors.md 3.4): keys asked for one by one in the same tick become one list request. Beyond the
 * specification: a connector on a field may read `$args` (its keys are grouped by equal arguments), and a connector with
 * `joins: true` lets its keys be answered by any list request of the same source, GET path and param that is waiting in
 * the same tick, whatever the constant parameters of its own list.
 */
import type { ExpressionNode, MappingNode } from '../mapping/ast.ts';
import { compileMapping, type CompiledMapping } from '../mapping/compile.ts';
import { collectReferences } from '../mapping/references.ts';
import { canonicalJson, isObject, scalarText, type Maybe, type Value, type ValueObject } from '../mapping/value.ts';
import type { Connector, KeyList } from '../spec/connector.ts';
import type { Answer, CallVariables, Loaded } from './answer.ts';
import { ownUrlParts, prepareRequest, type BuildRequest } from './build-request.ts';
import type { ConnectorContext } from './connector-context.ts';
import type { ConnectorRunner } from './connector-runner.ts';
import type { Outcome } from './failure.ts';
import { encodeValue } from './percent-encoding.ts';
import { TickQueue } from './tick-queue.ts';
import { queryParameters, readUrlPattern } from './url.ts';
import type { CallInput } from './variables.ts';
import { everything, type WantedFields } from './wanted.ts';

/** The keys of a list request travel among the variables, under a name no mapping can read. */
const keysVariable = 'keys';

/** A connector with a key list, prepared. */
export class KeyListPlan {
  readonly runner: ConnectorRunner;
  readonly keyList: KeyList;
  /** The one field that is the key. */
  readonly keyName: string;
  /** Plans with the same pool meet in one queue. */
  readonly poolKey: string;
  /** Whether the connector is a field's own: keys are then kept apart by the field's arguments. */
  readonly isOfField: boolean;
  readonly #buildList: BuildRequest;
  readonly #onlyKey: WantedFields;

  constructor(runner: ConnectorRunner, keyList: KeyList) {
    const { connector } = runner;
    this.runner = runner;
    this.keyList = keyList;
    this.keyName = [...connector.keys.keys()][0]!;
    this.#onlyKey = { fields: new Map([[this.keyName, everything]]), asked: new Set(), id: this.keyName };
    this.isOfField = connector.kind === 'field';
    const [subgraph] = connector.coordinate.split(':', 1);
    const [path] = keyList.get.text.split('?', 1);
    this.poolKey = JSON.stringify(['keyList', subgraph, connector.source?.name, path, keyList.param]);
    this.#buildList = prepareList(runner, keyList, this.keyName);
  }

  buildList(keys: readonly string[]): BuildRequest {
    return (variables, context, log) => this.#buildList({ ...variables, [keysVariable]: [...keys] }, context, log);
  }

  /** The items of a list answer by the text of their key; undefined when the answer gives no list. */
  readItems(answer: Answer, input: CallInput, context: ConnectorContext): Map<string, Value> | undefined {
    const variables = this.runner.variablesAfter(answer, input, context);
    const items = this.keyList.items.evaluate(answer.body, variables).value;
    if (!Array.isArray(items)) return undefined;
    const { itemKey } = this.keyList;
    const found = new Map<string, Value>();
    for (const item of items) {
      const key = itemKey
        ? itemKey.evaluate(item, variables).value
        : keyField(this.#selectKey(item, variables), this.keyName);
      if (key !== undefined && key !== null && typeof key !== 'object') found.set(scalarText(key), item);
    }
    return found;
  }

  #selectKey(item: Value, variables: CallVariables): Maybe {
    return this.runner.selections.for(this.#onlyKey).evaluate(item, variables).value;
  }
}

const keyField = (output: Maybe, name: string): Maybe =>
  isObject(output) && Object.hasOwn(output, name) ? output[name] : undefined;

function prepareList(runner: ConnectorRunner, keyList: KeyList, keyName: string): BuildRequest {
  const { connector, base } = runner;
  const ownQuery = connector.queryParams && withoutKey(connector, connector.queryParams.tree, keyName);
  return prepareRequest(connector, base, {
    ...ownUrlParts(connector, base),
    connect: readUrlPattern(keyList.get),
    connectPath: undefined,
    connectQuery: (variables) => [
      ...queryParameters(ownQuery?.({}, variables).value),
      ...keyParameters(keyList, variables[keysVariable] as readonly string[]),
    ],
  });
}

/** `comma`: `ids=1,2,3`, the commas literal. `repeat`: `ids=1&ids=2`. */
function keyParameters({ param, style }: KeyList, keys: readonly string[]): string[] {
  const values = keys.map(encodeValue);
  const name = encodeValue(param);
  return style === 'comma' ? [`${name}=${values.join(',')}`] : values.map((value) => `${name}=${value}`);
}

/** The query parameters of the connector, save those that read the key. */
function withoutKey(connector: Connector, tree: MappingNode, keyName: string): CompiledMapping | undefined {
  const variable = connector.kind === 'entity' ? '$args' : '$this';
  const readsKey = (root: ExpressionNode): boolean =>
    collectReferences({ root }).some((read) => read.variable === variable && read.keys[0]?.key === keyName);
  const { root } = tree;
  if (root.kind !== 'list' && root.kind !== 'object') return readsKey(root) ? undefined : compileMapping(tree);
  return compileMapping({ ...tree, root: { ...root, items: root.items.filter(({ value }) => !readsKey(value)) } });
}

/** One key somebody waits for. */
interface Waiting {
  readonly plan: KeyListPlan;
  /** The key as it stands in a URL. */
  readonly key: string;
  readonly input: CallInput;
  readonly context: ConnectorContext;
  readonly resolve: (outcome: Outcome<Loaded>) => void;
}

/** A key that the list does not have. */
const absent: Loaded = { select: () => ({ kind: 'value', value: { value: undefined } }) };

/** Keys that one list request may answer. */
class Group {
  readonly host: Waiting;
  readonly waiting = new Map<string, Waiting[]>();

  constructor(host: Waiting) {
    this.host = host;
  }

  add(waiting: Waiting): void {
    const others = this.waiting.get(waiting.key);
    if (others) others.push(waiting);
    else this.waiting.set(waiting.key, [waiting]);
  }
}

/** The queue of one pool in one client request. */
export class KeyListPool {
  readonly #queue = new TickQueue<Waiting>((items) => {
    for (const group of groupWaiting(items)) runGroup(group);
  });

  load(plan: KeyListPlan, keys: ValueObject, input: CallInput, context: ConnectorContext): Promise<Outcome<Loaded>> {
    const key = scalarText(keys[plan.keyName] as string);
    return new Promise((resolve) => this.#queue.add({ plan, key, input, context, resolve }));
  }
}

/** Those that join go where their key is already asked for, else to the first request; alone they send their own. */
function groupWaiting(items: readonly Waiting[]): Group[] {
  const own = groupByCall(items.filter(({ plan }) => !plan.keyList.joins));
  const joining = items.filter(({ plan }) => plan.keyList.joins);
  if (joining.length === 0) return own;
  const [first, ...others] = groupByCall(joining);
  const groups = own.length > 0 ? own : [first!];
  const guests = own.length > 0 ? joining : others.flatMap(({ waiting }) => [...waiting.values()].flat());
  for (const guest of guests) (groups.find(({ waiting }) => waiting.has(guest.key)) ?? groups[0]!).add(guest);
  return groups;
}

function groupByCall(items: readonly Waiting[]): Group[] {
  const groups = new Map<string, Group>();
  for (const waiting of items) {
    const { plan, input } = waiting;
    const args = plan.isOfField ? canonicalJson(input.args) : '';
    const id = `${plan.runner.connector.coordinate} ${args}`;
    const group = groups.get(id) ?? new Group(waiting);
    groups.set(id, group);
    group.add(waiting);
  }
  return [...groups.values()];
}

function runGroup({ host, waiting }: Group): void {
  const keys = [...waiting.keys()];
  const { maxSize } = host.plan.keyList;
  for (let start = 0; start < keys.length; start += maxSize) {
    const chunk = keys.slice(start, start + maxSize);
    const inChunk = chunk.flatMap((key) => waiting.get(key)!);
    const [only] = inChunk;
    const run = inChunk.length === 1 ? runSingle(only!) : runList(host, chunk, inChunk);
    // Nobody may wait for ever, whatever goes wrong on the way to an answer
    run.catch((error: unknown) => {
      const failure = host.plan.runner.failThrown(error, host.context);
      for (const { resolve } of inChunk) resolve(failure);
    });
  }
}

async function runSingle({ plan, input, context, resolve }: Waiting): Promise<void> {
  resolve(await plan.runner.run(input, context));
}

async function runList(host: Waiting, keys: readonly string[], waiting: readonly Waiting[]): Promise<void> {
  const { runner } = host.plan;
  // What the list request may read is the same for all its keys: the arguments of a field, nothing of the key
  const input: CallInput = host.plan.isOfField && host.input.args ? { args: host.input.args } : {};
  const outcome = await runner.exchange(host.plan.buildList(keys), input, host.context, {
    template: host.plan.keyList.get,
  });
  const itemsOf = new Map<KeyListPlan, Map<string, Value> | undefined>();
  const failures = new Map<KeyListPlan, Outcome<never>>();
  for (const { plan, key, input: own, context, resolve } of waiting) {
    if (outcome.kind === 'failure') {
      resolve(outcome);
      continue;
    }
    const answer = outcome.value;
    if (!itemsOf.has(plan)) itemsOf.set(plan, plan.readItems(answer, own, context));
    const items = itemsOf.get(plan);
    if (items) {
      const body = items.get(key);
      const variables = plan.runner.variablesAfter(answer, own, context);
      resolve({
        kind: 'value',
        value: body === undefined ? absent : plan.runner.answerItem(body, answer, variables),
      });
      continue;
    }
    const reason = 'The answer to a list request does not map to a list';
    const failure = failures.get(plan) ?? plan.runner.failShape(answer.status, reason);
    failures.set(plan, failure);
    resolve(failure);
  }
}
