/** Operations in memory: they end with the process, and each gateway has its own. */
import type { Operation, OperationStore } from './operation.ts';

export interface MemoryOperationsOptions {
  readonly now: () => Date;
  /** Operations kept at most; then the oldest that have ended go. Default 10,000. */
  readonly capacity?: number;
}

export function createMemoryOperations({ now, capacity = 10_000 }: MemoryOperationsOptions): OperationStore {
  const operations = new Map<string, Operation>();
  const isOver = ({ expiresAt }: Operation): boolean => expiresAt <= now();
  const makeRoom = (): void => {
    for (const [id, operation] of operations) {
      if (operations.size < capacity) return;
      if (operation.ended || isOver(operation)) operations.delete(id);
    }
  };
  return {
    add(operation) {
      makeRoom();
      operations.set(operation.id, operation);
      return Promise.resolve();
    },
    end(id, ended) {
      const known = operations.get(id);
      if (known) operations.set(id, { ...known, ended });
      return Promise.resolve();
    },
    find(id) {
      const known = operations.get(id);
      return Promise.resolve(known && !isOver(known) ? known : undefined);
    },
  };
}
