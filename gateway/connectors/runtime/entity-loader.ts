/**
 * Loads what a connector gives for a key, once per key and client request (connectors.md 11.2, 11.3, 11.6 rule 4):
 * singly, in batches through DataLoader, or by key list.
 */
import DataLoader from 'dataloader';
import { canonicalJson, type ValueObject } from '../mapping/value.ts';
import { pickKeys } from '../spec/key-set.ts';
import type { Answer, Loaded, Mapped } from './answer.ts';
import type { ConnectorContext } from './connector-context.ts';
import type { ConnectorRunner } from './connector-runner.ts';
import type { Outcome } from './failure.ts';
import { gainedFrom, type Gained } from './gained.ts';
import { KeyListPlan, KeyListPool } from './key-list.ts';
import { OperationStore } from './operation-store.ts';
import { prepareRun } from './pages/run-pages.ts';
import type { Selection } from './selections.ts';
import type { CallInput } from './variables.ts';
import type { WantedFields } from './wanted.ts';

/** Loads by key, and maps what was loaded to the wanted fields. Equal loads of one client request give the same promise. */
export type Load = (
  keys: ValueObject,
  context: ConnectorContext,
  wanted: WantedFields,
  field?: FieldCall,
) => Promise<Gained>;

/** The call of a field's own connector. */
interface FieldCall {
  readonly args: ValueObject;
  /** A write: never shared with an equal one. */
  readonly isWrite: boolean;
}

/** Loads something for later mapping. */
type Fetch = (keys: ValueObject, context: ConnectorContext, field?: FieldCall) => Promise<Outcome<Loaded>>;

export function prepareLoad(runner: ConnectorRunner): Load {
  const fetch = runner.connector.kind === 'batch' ? prepareBatchFetch(runner) : prepareFetch(runner);
  const { shape } = runner.connector;
  /** By what was loaded, which lives as long as its client request. */
  const gained = new WeakMap<Promise<Outcome<Loaded>>, Map<WantedFields, Promise<Gained>>>();
  return (keys, context, wanted, field) => {
    const loading = fetch(keys, context, field);
    let byWanted = gained.get(loading);
    if (!byWanted) gained.set(loading, (byWanted = new Map()));
    let selected = byWanted.get(wanted);
    if (!selected) {
      selected = loading.then((outcome) => {
        const mapped = outcome.kind === 'failure' ? outcome : outcome.value.select(runner.selections.for(wanted));
        return gainedFrom(mapped, shape, wanted);
      });
      byWanted.set(wanted, selected);
    }
    return selected;
  };
}

function prepareFetch(runner: ConnectorRunner): Fetch {
  const { kind, keyList } = runner.connector;
  const plan = keyList && new KeyListPlan(runner, keyList);
  const run = prepareRun(runner);
  return (keys, context, field) => {
    const args = field?.args;
    const input: CallInput = kind === 'entity' ? { args: keys } : { self: keys, ...(args ? { args } : {}) };
    if (field?.isWrite) return runner.run(input, context);
    const store = OperationStore.of(context.operation);
    const memo = store.loaderOf(runner, () => new Map<string, Promise<Outcome<Loaded>>>());
    const id = args ? `${canonicalJson(keys)}${canonicalJson(args)}` : canonicalJson(keys);
    let loaded = memo.get(id);
    if (!loaded) {
      loaded = plan
        ? store.loaderOf(plan.poolKey, () => new KeyListPool()).load(plan, keys, input, context)
        : run(input, context);
      memo.set(id, loaded);
    }
    return loaded;
  };
}

function prepareBatchFetch(runner: ConnectorRunner): Fetch {
  const maxSize = runner.connector.batch?.maxSize;
  return (keys, context) =>
    OperationStore.of(context.operation)
      .loaderOf(
        runner,
        () =>
          new DataLoader<ValueObject, Outcome<Loaded>, string>((chunk) => runBatch(runner, chunk, context), {
            cacheKeyFn: canonicalJson,
            ...(maxSize === undefined ? {} : { maxBatchSize: maxSize }),
          }),
      )
      .load(keys);
}

/** One call for many keys. */
async function runBatch(
  runner: ConnectorRunner,
  chunk: readonly ValueObject[],
  context: ConnectorContext,
): Promise<Outcome<Loaded>[]> {
  const outcome = await runner.run({ batch: [...chunk] }, context);
  if (outcome.kind === 'failure') return chunk.map(() => outcome);
  const answer = new BatchAnswer(runner, outcome.value);
  return chunk.map((keys) => ({ kind: 'value', value: answer.itemOf(keys) }));
}

type Items = ReadonlyMap<string, Mapped>;

/** The answer of one chunk; its items are found by their key, whatever their order. */
class BatchAnswer {
  readonly #runner: ConnectorRunner;
  readonly #answer: Answer;
  readonly #items = new Map<Selection, Outcome<Items>>();

  constructor(runner: ConnectorRunner, answer: Answer) {
    this.#runner = runner;
    this.#answer = answer;
  }

  itemOf(keys: ValueObject): Loaded {
    const id = canonicalJson(keys);
    return {
      select: (selection) => {
        const items = this.#itemsOf(selection);
        return items.kind === 'failure' ? items : { kind: 'value', value: items.value.get(id) ?? { value: undefined } };
      },
    };
  }

  #itemsOf(selection: Selection): Outcome<Items> {
    let items = this.#items.get(selection);
    if (!items) this.#items.set(selection, (items = this.#readItems(selection)));
    return items;
  }

  #readItems(selection: Selection): Outcome<Items> {
    const outcome = this.#answer.select(selection);
    if (outcome.kind === 'failure') return outcome;
    const { value, faults } = outcome.value;
    if (!Array.isArray(value)) {
      return this.#runner.failShape(this.#answer.status, 'The answer to a batch request does not map to a list');
    }
    const items = new Map<string, Mapped>();
    for (const [index, item] of value.entries()) {
      const id = canonicalJson(pickKeys(item, this.#runner.connector.keys));
      items.set(id, { value: item, faults: faults?.at(index) });
    }
    return { kind: 'value', value: items };
  }
}
