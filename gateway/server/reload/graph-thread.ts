/**
 * This side of the thread that composes a graph and plans for it. The thread lives as long as its graph is in use: when it dies by
 * itself, another one takes its place, and what was to be planned is planned there.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { GraphQLError, print, type DocumentNode } from 'graphql';
import { catalogue } from '../../errors/catalogue.ts';
import { FaultsError } from '../../errors/fault.ts';
import { refuseOperation } from '../../errors/refuse-operation.ts';
import type { QueryPlan } from '../../planning/query-planner.ts';
import type { ComposedGraph, FromGraphThread, GraphInputs, PlanRequest } from './graph-thread-messages.ts';

export interface GraphThread {
  readonly composed: ComposedGraph;
  /** For the planner of an engine; the document is valid. Rejects with what the planner threw. */
  planDocument(document: DocumentNode, operationName?: string): Promise<QueryPlan>;
  /** Plans under way are refused. */
  close(): Promise<void>;
}

/** Built, the worker is JavaScript; from the sources it is TypeScript, and a thread on Node 20 gets its loader only by code. */
export function startWorker(workerData: GraphInputs): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  if (!isSource) return new Worker(new URL('./graph-worker.js', import.meta.url), { workerData });
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx'));
  const loader = new URL('./esm/api/index.mjs', tsx).href;
  const worker = new URL('./graph-worker.ts', import.meta.url).href;
  const [tools, program] = [JSON.stringify(loader), JSON.stringify(worker)];
  const start = `import(${tools}).then(({ register }) => { register(); return import(${program}); })`;
  return new Worker(start, { eval: true, workerData });
}

export interface GraphThreadOptions {
  readonly start?: (inputs: GraphInputs) => Worker;
  /** Told when the thread has died by itself; another one is on its way. */
  readonly onDeath?: (error: Error) => void;
  readonly wait?: (ms: number) => Promise<unknown>;
}

interface Waiting {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly resolve: (plan: QueryPlan) => void;
  readonly reject: (error: Error) => void;
  /** How many threads have got it: it may be what kills them. */
  sent: number;
}

/** 503 with Retry-After: another thread is on its way. */
function noThread(): GraphQLError {
  const { message, extensions } = refuseOperation('OVERLOADED');
  const http = { status: catalogue.OVERLOADED.status, headers: new Map([['retry-after', '1']]) };
  return new GraphQLError(message, { extensions: { ...extensions, http } });
}

/** Requests that may wait for another thread. */
const MOST_WAITING = 1_000;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10_000;

/** Rejects with FaultsError when the schemas are wrong or do not compose. */
export async function startGraphThread(inputs: GraphInputs, options: GraphThreadOptions = {}): Promise<GraphThread> {
  const { start = startWorker, onDeath = () => {}, wait = (ms) => sleep(ms, undefined, { ref: false }) } = options;
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let isClosed = false;
  /** Threads that died since the last plan. */
  let deaths = 0;
  /** Undefined while there is none. */
  let worker: Worker | undefined;

  const send = (id: number, plan: Waiting): void => {
    if (worker === undefined) return;
    plan.sent++;
    const { document, operationName } = plan;
    worker.postMessage({ id, text: print(document), operationName } satisfies PlanRequest);
  };
  const settle = (id: number): Waiting | undefined => {
    const plan = waiting.get(id);
    waiting.delete(id);
    return plan;
  };
  const refuse = (isHopeless: (plan: Waiting) => boolean): void => {
    for (const [id, plan] of waiting) if (isHopeless(plan)) settle(id)?.reject(noThread());
  };

  const note = (message: FromGraphThread): void => {
    if (message.kind === 'planned') {
      deaths = 0;
      settle(message.id)?.resolve(message.plan);
    } else if (message.kind === 'not-planned') {
      deaths = 0;
      const { message: text, extensions = {}, isGraphQL } = message.error;
      settle(message.id)?.reject(isGraphQL ? new GraphQLError(text, { extensions }) : new Error(text));
    }
  };

  /** Resolves once it has composed; `onEnd` is called once when it ends after that. */
  const launch = (onEnd: (error: Error) => void): Promise<{ worker: Worker; composed: ComposedGraph }> =>
    new Promise((resolve, reject) => {
      const launched = start(inputs);
      // It must not keep a process alive that is done otherwise.
      launched.unref();
      let hasComposed = false;
      let hasEnded = false;
      const end = (error: Error): void => {
        if (hasEnded) return;
        hasEnded = true;
        if (hasComposed) onEnd(error);
        else reject(error);
      };
      launched.on('error', end);
      launched.on('exit', () => end(new Error('The thread of this graph has ended')));
      launched.on('message', (message: FromGraphThread) => {
        if (message.kind === 'composed') {
          hasComposed = true;
          resolve({ worker: launched, composed: message.graph });
        } else if (message.kind === 'refused') end(new FaultsError(message.faults, message.sources));
        else note(message);
      });
    });

  const replace = async (error: Error): Promise<void> => {
    worker = undefined;
    if (isClosed) return;
    onDeath(error);
    for (;;) {
      // Whoever was with two threads that died may well be the reason.
      refuse(({ sent }) => sent > 1);
      if (deaths++ > 0) await wait(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(deaths, 10)));
      if (isClosed) return;
      try {
        const next = await launch((reason) => void replace(reason));
        if (isClosed) return void next.worker.terminate();
        worker = next.worker;
        for (const [id, plan] of waiting) send(id, plan);
        return;
      } catch (reason) {
        onDeath(reason as Error);
        refuse(() => true);
      }
    }
  };

  const first = await launch((error) => void replace(error));
  worker = first.worker;
  return {
    composed: first.composed,
    planDocument: (document, operationName) =>
      new Promise((resolve, reject) => {
        if (isClosed || waiting.size >= MOST_WAITING) return reject(noThread());
        const id = ++lastId;
        const plan: Waiting = { document, operationName, resolve, reject, sent: 0 };
        waiting.set(id, plan);
        send(id, plan);
      }),
    async close() {
      isClosed = true;
      refuse(() => true);
      await worker?.terminate();
    },
  };
}
