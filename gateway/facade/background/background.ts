/** Work that goes on after its request was answered: bounded in number and time, and told to stop with the gateway. */
import { randomUUID } from 'node:crypto';
import type { FacadeResponse } from '../contract.ts';
import type { Operation, OperationStore } from './operation.ts';

export interface BackgroundOptions {
  readonly store: OperationStore;
  readonly now: () => Date;
  /** How long work may take. */
  readonly deadlineMs: number;
  /** How long an operation is remembered after its start. */
  readonly keepMs: number;
  /** Work under way at most. */
  readonly maxRunning: number;
  /** Aborts when the gateway stops and can wait no longer. */
  readonly stopping: AbortSignal;
  readonly newId?: () => string;
}

export interface Started {
  readonly operation: Operation;
  /** Settles when the work has ended and the store knows; never rejects. */
  readonly done: Promise<Operation>;
}

/** `wasStopped`: the gateway stopped in the middle, and nobody can say what became of the work. */
export type Work = (limits: {
  readonly signal: AbortSignal;
  readonly wasStopped: () => boolean;
}) => Promise<FacadeResponse>;

export interface Background {
  /** Undefined when as much is under way as may be. Rejects when the store does not take the operation: nothing was begun. */
  start(name: string, work: Work): Promise<Started | undefined>;
  find(id: string): Promise<Operation | undefined>;
}

/** Clocks of several gateways may differ by this much, and the end has to be written. */
const LEASE_MARGIN_MS = 10_000;

export function createBackground(options: BackgroundOptions, onFault: (error: unknown) => void): Background {
  const { store, now, deadlineMs, keepMs, maxRunning, stopping, newId = randomUUID } = options;
  let running = 0;

  const later = (from: Date, ms: number): Date => new Date(from.getTime() + ms);
  const run = async (operation: Operation, work: Work): Promise<Operation> => {
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(deadlineMs), stopping]);
      const ended = { answer: await work({ signal, wasStopped: () => stopping.aborted }), at: now() };
      // An end that cannot be written is told to nobody: after its lease the operation counts as interrupted.
      await store.end(operation.id, ended).catch(onFault);
      return { ...operation, ended };
    } finally {
      running--;
    }
  };
  return {
    async start(name, work) {
      if (running >= maxRunning || stopping.aborted) return undefined;
      running++;
      const startedAt = now();
      const operation: Operation = {
        id: newId(),
        name,
        startedAt,
        leaseUntil: later(startedAt, deadlineMs + LEASE_MARGIN_MS),
        expiresAt: later(startedAt, keepMs),
      };
      try {
        await store.add(operation);
      } catch (error) {
        running--;
        throw error;
      }
      return { operation, done: run(operation, work) };
    },
    find: (id) => store.find(id),
  };
}
