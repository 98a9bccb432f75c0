/** Answers that are still fresh, in memory, as many bytes as allowed; those not used for the longest time go first. */
import type { Answer } from '../http/answer.ts';

export interface KeptAnswer {
  readonly answer: Answer;
  /** How old it is, and how long it stays fresh, in whole seconds. */
  readonly ageSeconds: number;
  readonly leftSeconds: number;
}

export interface AnswerStore {
  /** Undefined when there is none, or it is not fresh any more. */
  get(key: string): KeptAnswer | undefined;
  /** Does nothing where the lifetime is 0. */
  set(key: string, answer: Answer, lifetimeSeconds: number): void;
  clear(): void;
  /** Another one after each `clear`. */
  readonly version: number;
}

export interface AnswerStoreOptions {
  readonly limitBytes: number;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
}

interface Entry {
  readonly answer: Answer;
  readonly keptAt: number;
  readonly lifetimeSeconds: number;
  readonly bytes: number;
}

/** What an entry takes besides key and body, roughly. */
const ENTRY_BYTES = 1_024;

export function createAnswerStore({ limitBytes, now }: AnswerStoreOptions): AnswerStore {
  const entries = new Map<string, Entry>();
  let bytes = 0;
  let version = 0;
  const drop = (key: string): void => {
    bytes -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  };
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      const ageSeconds = Math.floor((now() - entry.keptAt) / 1000);
      drop(key);
      if (ageSeconds >= entry.lifetimeSeconds) return undefined;
      // A Map keeps the order of insertion, so its first is the one used longest ago.
      entries.set(key, entry);
      bytes += entry.bytes;
      return { answer: entry.answer, ageSeconds, leftSeconds: entry.lifetimeSeconds - ageSeconds };
    },
    set(key, answer, lifetimeSeconds) {
      // All who shared an execution bring the same answer.
      if (lifetimeSeconds === 0 || entries.get(key)?.answer === answer) return;
      drop(key);
      const size = key.length * 2 + answer.body.length + ENTRY_BYTES;
      if (size > limitBytes) return;
      entries.set(key, { answer, keptAt: now(), lifetimeSeconds, bytes: size });
      bytes += size;
      for (const oldest of entries.keys()) {
        if (bytes <= limitBytes) break;
        drop(oldest);
      }
    },
    clear() {
      entries.clear();
      bytes = 0;
      version++;
    },
    get version() {
      return version;
    },
  };
}
