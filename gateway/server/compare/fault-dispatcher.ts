/**
 * Connections to services of which one can be made to fail: its requests go to a server on loopback that answers with the
 * status asked for, never, or by dropping the connection. Everything above the connection is what it always is.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import type { UpstreamEvent } from '../../upstream/index.ts';

export interface ServiceFault {
  readonly service: string;
  readonly answer: number | 'hang' | 'reset';
}

export interface FaultDispatcher {
  readonly dispatcher: Dispatcher;
  /** Learns from the events of calls at which addresses a service is. */
  note(event: UpstreamEvent): void;
  close(): Promise<void>;
}

export async function createFaultDispatcher(fault: ServiceFault): Promise<FaultDispatcher> {
  const broken = createServer((_request, response) => {
    if (fault.answer === 'reset') response.destroy();
    else if (fault.answer !== 'hang') {
      response.writeHead(fault.answer, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ title: 'Made to fail', status: fault.answer }));
    }
  });
  const origin = await listen(broken);
  const failing = new Set<string>();
  const agent = new Agent();
  const dispatcher = agent.compose((dispatch) => (options, handler) => {
    const isFailing = failing.has(new URL(String(options.origin)).origin);
    return dispatch(isFailing ? { ...options, origin } : options, handler);
  });
  return {
    dispatcher,
    note(event) {
      if (event.kind === 'attempt-started' && event.service === fault.service) failing.add(new URL(event.url).origin);
    },
    async close() {
      broken.closeAllConnections();
      broken.close();
      await agent.destroy();
    },
  };
}

const listen = (server: Server): Promise<string> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
