/** What requests of clients share, by the settings. */
import type { Settings } from '../../config/index.ts';
import { createAnswerStore } from './answer-store.ts';
import { keepAnswers } from './keep-answers.ts';
import { createOperationSharing, type OperationSharing } from './share-operations.ts';

/** For one generation: answers that are kept go with the graph they were made over. */
export function createSharing({ operations, cache }: Settings['sharing']): OperationSharing {
  const store = createAnswerStore({ limitBytes: cache.bytes, now: () => performance.now() });
  const shared = createOperationSharing({ onWrite: () => store.clear() });
  const sharing: OperationSharing = operations
    ? shared
    : { ...shared, join: (_key, caller, execute) => shared.runAlone(caller, execute) };
  return cache.enabled ? keepAnswers({ sharing, store }) : sharing;
}
