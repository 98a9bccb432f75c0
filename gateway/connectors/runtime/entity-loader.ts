/**
 * Loads what a connector gives for a key, once per key and client request (connectors.md 11.2, 11.3, 11.6 rule 4):
 * singly, in batches through DataLoader, or by key list.
 */
import DataLoader from 'dataloader';
import { canonicalJson, type Maybe, type Value, type ValueObject } from '../mapping/value.ts';
import { pickKeys } from '../spec/key-set.ts';
import type { ConnectorContext } from './connector-context.ts';
import type { ConnectorRunner } from './connector-runner.ts';
import type { Outcome } from './failure.ts';
import { KeyListPlan, KeyListPool } from './key-list.ts';
import { OperationStore } from './operation-store.ts';
import type { CallInput } from './variables.ts';

/** Loads by key; `args` are a field's own arguments. */
export type Load = (keys: ValueObject, context: ConnectorContext, args?: ValueObject) => Promise<Outcome<Maybe>>;

export function prepareLoad(runner: ConnectorRunner): Load {
  const { kind, keyList } = runner.connector;
  if (kind === 'batch') return prepareBatchLoad(runner);
  const plan = keyList && new KeyListPlan(runner, keyList);
  return (keys, context, args) => {
    const store = OperationStore.of(context.operation);
    const memo = store.loaderOf(runner, () => new Map<string, Promise<Outcome<Maybe>>>());
    const id = args ? `${canonicalJson(keys)}${canonicalJson(args)}` : canonicalJson(keys);
    let loaded = memo.get(id);
    if (!loaded) {
      const input: CallInput = kind === 'entity' ? { args: keys } : { self: keys, ...(args ? { args } : {}) };
      loaded = plan
        ? store.loaderOf(plan.poolKey, () => new KeyListPool()).load(plan, keys, input, context)
        : runner.run(input, context);
      memo.set(id, loaded);
    }
    return loaded;
  };
}

function prepareBatchLoad(runner: ConnectorRunner): Load {
  const maxSize = runner.connector.batch?.maxSize;
  return (keys, context) =>
    OperationStore.of(context.operation)
      .loaderOf(
        runner,
        () =>
          new DataLoader<ValueObject, Outcome<Maybe>, string>((chunk) => runBatch(runner, chunk, context), {
            cacheKeyFn: canonicalJson,
            ...(maxSize === undefined ? {} : { maxBatchSize: maxSize }),
          }),
      )
      .load(keys);
}

/** One call for many keys; the items are found again by their key, whatever their order. */
async function runBatch(
  runner: ConnectorRunner,
  chunk: readonly ValueObject[],
  context: ConnectorContext,
): Promise<Outcome<Maybe>[]> {
  const outcome = await runner.runForStatus({ batch: [...chunk] }, context);
  if (outcome.kind === 'failure') return chunk.map(() => outcome);
  const { value, status } = outcome.value;
  if (!Array.isArray(value)) {
    const failure = runner.failShape(status, 'The answer to a batch request does not map to a list');
    return chunk.map(() => failure);
  }
  const byKey = new Map<string, Value>();
  for (const item of value) byKey.set(canonicalJson(pickKeys(item, runner.connector.keys)), item);
  return chunk.map((keys) => ({ kind: 'value', value: byKey.get(canonicalJson(keys)) }));
}
