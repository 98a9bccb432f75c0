/**
 * Addresses from Eureka: the instances of one application that are UP, fetched whole every 30 s as Eureka's own clients do. The
 * answer for one application is no larger than a delta over all of them, and cannot drift. Whether an instance's lease has run
 * out is left to Eureka: in self-preservation it keeps instances on purpose, and so do we.
 */
import type { Source } from './keep-set.ts';
import { openRegistryClient, RegistryStatusError, type RegistryTlsFiles } from './registry-client.ts';

export interface EurekaSettings extends RegistryTlsFiles {
  readonly type: 'eureka';
  readonly address: string;
  readonly app: string;
  readonly pollMs: number;
}

const answerMs = 10_000;

interface EurekaInstance {
  readonly ipAddr?: string;
  readonly hostName?: string;
  readonly status?: string;
  readonly port?: { readonly $?: number; readonly '@enabled'?: string };
  readonly securePort?: { readonly $?: number; readonly '@enabled'?: string };
}

export function createEurekaSource(settings: EurekaSettings): Source {
  const { address, app, pollMs } = settings;
  const url = `${address.replace(/\/$/, '')}/apps/${encodeURIComponent(app)}`;
  return {
    type: 'eureka',
    async run({ signal, accept, wait }) {
      const client = await openRegistryClient(settings);
      try {
        for (;;) {
          const { value } = await client.json({ url, signal, timeoutMs: answerMs }).catch((error: unknown) => {
            // An application that Eureka does not know has no instances.
            if (error instanceof RegistryStatusError && error.status === 404) return { value: noApplication };
            throw error;
          });
          accept(readApplication(value));
          await wait(pollMs);
        }
      } finally {
        await client.close();
      }
    },
  };
}

const noApplication = { application: { instance: [] } };

function readApplication(value: unknown): unknown[] {
  const { application } = (value ?? {}) as { application?: { instance?: EurekaInstance | EurekaInstance[] } };
  if (application?.instance === undefined) throw new Error('Eureka did not answer with an application');
  // XML made JSON: a list of one may come as the one alone.
  return [application.instance]
    .flat()
    .filter(({ status }) => status === 'UP')
    .map(readInstance);
}

function readInstance({ ipAddr, hostName, port, securePort }: EurekaInstance): unknown {
  const isSecure = port?.['@enabled'] === 'false' && securePort?.['@enabled'] === 'true';
  return {
    addr: ipAddr === undefined || ipAddr === '' ? hostName : ipAddr,
    port: Number(isSecure ? securePort.$ : port?.$),
    ...(isSecure ? { scheme: 'https' } : {}),
  };
}
