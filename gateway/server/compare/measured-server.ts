/** A gateway that is started only to be measured: all four levels are on, and any service can be made to fail. */
import type { MeasuredGateway } from '../../compare/run-case.ts';
import type { Settings } from '../../config/index.ts';
import { createServer, type Server } from '../create-server.ts';
import { createCallLog } from './call-log.ts';
import { createFaultDispatcher, type FaultDispatcher, type ServiceFault } from './fault-dispatcher.ts';

/** While a service hangs: the limits of the settings would make each run take as long as they say. */
const HANGING_DEADLINE = { callMs: 1_000, attemptMs: 500 };

export interface MeasuredServerOptions {
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** CPU milliseconds of the process so far; undefined where others work in it. */
  readonly cpuMs: () => number | undefined;
}

export interface MeasuredServer extends MeasuredGateway {
  close(): Promise<void>;
}

/** Throws FaultsError when schemas or routes do not fit. */
export async function startMeasuredServer({ settings, env, cpuMs }: MeasuredServerOptions): Promise<MeasuredServer> {
  const levels = [0, 1, 2, 3] as const;
  const log = createCallLog('compare-');
  let port = 0;
  let running = await start(undefined);

  async function start(fault: ServiceFault | undefined) {
    const faults = fault === undefined ? undefined : await createFaultDispatcher(fault);
    const own: Settings = {
      ...settings,
      server: { ...settings.server, host: '127.0.0.1', port, admin: { ...settings.server.admin, enabled: false } },
      facade: { ...settings.facade, levels },
      compare: { cases: undefined },
      services: fault?.answer === 'hang' ? shortenDeadline(settings.services, fault.service) : settings.services,
    };
    const server = await createServer({
      settings: own,
      env,
      ...(faults === undefined ? {} : { dispatcher: faults.dispatcher }),
      onUpstreamEvent: (event) => {
        faults?.note(event);
        log.note(event);
      },
    });
    const url = await server.listen();
    port = Number(new URL(url).port);
    return { server, faults, url };
  }
  return {
    url: running.url,
    places: { rest: settings.facade.basePath, graphql: '/graphql' },
    levels,
    upstreamCalls: async (requestIds) => log.callsOf(requestIds),
    cpuMs: async () => cpuMs(),
    async setFault(fault) {
      await stop(running);
      running = await start(fault);
    },
    close: () => stop(running),
  };
}

async function stop({ server, faults }: { server: Server; faults: FaultDispatcher | undefined }): Promise<void> {
  await server.close();
  await faults?.close();
}

function shortenDeadline(services: Settings['services'], name: string): Settings['services'] {
  const service = services[name];
  if (service === undefined) return services;
  const deadline = { ...service.upstream.deadline, ...HANGING_DEADLINE };
  return { ...services, [name]: { ...service, upstream: { ...service.upstream, deadline } } };
}
