/**
 * Opens the admin port. A port that is taken costs the view and not the gateway: two of them on one machine is an ordinary
 * thing, and clients must not suffer for what only the operator looks at.
 */
import type { Logger } from 'pino';
import { createAdminApp } from './admin-app.ts';
import type { GraphControl } from './graph-control.ts';
import type { Observer } from './observe-upstream.ts';

export interface Admin {
  readonly url: string;
  close(): Promise<void>;
}

interface StartAdminSettings {
  readonly enabled: boolean;
  readonly host: string;
  readonly port: number;
}

type StartAdminOptions = Pick<Observer, 'report' | 'metrics' | 'version' | 'breakers'> & {
  readonly graph?: GraphControl | undefined;
  readonly logger: Logger;
};

/** Undefined when it is off or cannot listen. */
export async function startAdmin(
  { enabled, host, port }: StartAdminSettings,
  { report, metrics, version, breakers, graph, logger }: StartAdminOptions,
): Promise<Admin | undefined> {
  if (!enabled) return undefined;
  const app = createAdminApp({ host, report, metrics, version, breakers, graph });
  try {
    const url = await app.listen({ host, port });
    return { url, close: () => app.close() };
  } catch (error) {
    logger.warn({ err: error }, 'no admin port: set server.admin.port to one that is free');
    await app.close();
    return undefined;
  }
}
