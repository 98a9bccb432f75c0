/**
 * An operation of the gateway: a write with `@async` and no rule, which the gateway works on after it has answered (facade.md
 * 2.2, S12 and S13). It has an address of its own, `/operations/{id}`, until it expires.
 */
import type { FacadeResponse } from '../contract.ts';

export interface Operation {
  /** Cannot be guessed: who knows it may read the operation. */
  readonly id: string;
  /** The name of the document that is run. */
  readonly name: string;
  readonly startedAt: Date;
  /** Work that has not ended by then has died with its gateway. */
  readonly leaseUntil: Date;
  /** From then on nobody remembers it. */
  readonly expiresAt: Date;
  /** What the write would have answered, had the client waited for it. */
  readonly ended?: EndedOperation;
}

export interface EndedOperation {
  readonly at: Date;
  readonly answer: FacadeResponse;
}

/** Where operations are kept, so that any gateway over the same store can tell of them. */
export interface OperationStore {
  add(operation: Operation): Promise<void>;
  /** Says how it ended; for an operation that is not there, nothing happens. */
  end(id: string, ended: EndedOperation): Promise<void>;
  /** Undefined when there is none, or it has expired. */
  find(id: string): Promise<Operation | undefined>;
}
