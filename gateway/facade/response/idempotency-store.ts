/**
 * Answers kept under an Idempotency-Key (P24 to P26). The interface is what a durable store implements; the one here keeps
 * answers in memory, so they are lost with the process, and each gateway has its own.
 */
import type { FacadeResponse } from '../contract.ts';

export interface KeyClaim {
  /** Principal, route and key in one text. */
  readonly scope: string;
  /** What the request asks for; the same key with another one is refused. */
  readonly fingerprint: string;
  readonly ttlMs: number;
  /** Longer than the request can take: who holds the key after this time has died. For a store that outlives a process. */
  readonly leaseMs: number;
  /** The work may be done a second time after its first holder died: the service knows the key, too. */
  readonly isRepeatable: boolean;
}

export type ClaimedKey =
  /** Nobody had the key: do the work, then settle with the answer, or with nothing when it is not final. */
  | { readonly state: 'mine'; readonly settle: (answer: FacadeResponse | undefined) => Promise<void> }
  | { readonly state: 'running' }
  /** Its first holder died, and nobody can say what became of the work. */
  | { readonly state: 'interrupted' }
  | { readonly state: 'other-request' }
  | { readonly state: 'done'; readonly answer: FacadeResponse };

export interface IdempotencyStore {
  /** Takes the key, in one step: of any number of claims at once exactly one is `mine`. */
  claim(claim: KeyClaim): Promise<ClaimedKey>;
}

interface Entry {
  readonly fingerprint: string;
  readonly expiresAt: number;
  answer?: FacadeResponse;
}

export interface MemoryStoreOptions {
  readonly now: () => Date;
  /** Answers kept at most; then the oldest go. Default 10,000. */
  readonly capacity?: number;
}

export function createMemoryStore({ now, capacity = 10_000 }: MemoryStoreOptions): IdempotencyStore {
  const entries = new Map<string, Entry>();
  const makeRoom = (): void => {
    for (const [scope, entry] of entries) {
      if (entries.size < capacity) return;
      // A key somebody works under stays: giving it away would do the work twice.
      if (entry.answer) entries.delete(scope);
    }
  };
  const claim = ({ scope, fingerprint, ttlMs }: KeyClaim): ClaimedKey => {
    const known = entries.get(scope);
    const isOver = known?.answer !== undefined && known.expiresAt <= now().getTime();
    if (known && !isOver) {
      if (known.fingerprint !== fingerprint) return { state: 'other-request' };
      return known.answer ? { state: 'done', answer: known.answer } : { state: 'running' };
    }
    entries.delete(scope);
    makeRoom();
    const entry: Entry = { fingerprint, expiresAt: now().getTime() + ttlMs };
    entries.set(scope, entry);
    const settle = (answer: FacadeResponse | undefined): Promise<void> => {
      if (answer) entry.answer = answer;
      else entries.delete(scope);
      return Promise.resolve();
    };
    return { state: 'mine', settle };
  };
  return { claim: (one) => Promise.resolve(claim(one)) };
}
