/** Starts the gateway to be measured in a process of its own, so that its CPU is told from the client's. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { UpstreamCall } from '../../compare/report.ts';
import type { MeasuredGateway } from '../../compare/run-case.ts';
import type { CommandIo } from '../command.ts';
import type { GatewayAnswer, Order } from './orders.ts';

export interface GatewayProcess extends MeasuredGateway {
  close(): Promise<void>;
}

/** Rejects with what the process said when it cannot start. */
export async function startGateway(config: string, env: CommandIo['env']): Promise<GatewayProcess> {
  const isSource = import.meta.url.endsWith('.ts');
  const module = fileURLToPath(new URL(`./gateway-process.${isSource ? 'ts' : 'js'}`, import.meta.url));
  const child = fork(module, [config], {
    env: { ...env },
    execArgv: isSource ? ['--import', 'tsx', '--conditions=source'] : [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      for (const { reject } of waiting.values()) reject(new Error('The measured gateway has ended'));
      resolve();
    });
  });
  child.on('message', (message) => {
    const answer = message as GatewayAnswer;
    const open = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) open?.reject(new Error(answer.error));
    else open?.resolve(answer.value);
  });
  const expect = <Value>(id: number) =>
    new Promise<Value>(
      (resolve, reject) => void waiting.set(id, { resolve: resolve as (value: unknown) => void, reject }),
    );
  let last = 0;
  const order = <Value>(message: Order): Promise<Value> => {
    const answer = expect<Value>(++last);
    child.send({ ...message, id: last });
    return answer;
  };

  const about = await expect<Pick<MeasuredGateway, 'url' | 'places' | 'levels'>>(0);
  return {
    ...about,
    upstreamCalls: (requestIds) => order<readonly UpstreamCall[]>({ kind: 'upstream-calls', requestIds }),
    cpuMs: () => order<number>({ kind: 'cpu' }),
    setFault: (fault) => order({ kind: 'fault', fault: fault ?? null }),
    async close() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
