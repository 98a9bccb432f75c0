/** A facade on a loopback port, for what speaks HTTP: no gateway around it, only the bytes of requests and answers. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Facade } from '../../gateway/facade/index.ts';

export interface ServedFacade {
  readonly url: string;
  close(): Promise<void>;
}

export async function serveFacade(facade: Facade): Promise<ServedFacade> {
  const server = createServer((request, response) => {
    void (async () => {
      const [path = '', ...query] = (request.url ?? '').split('?');
      const body = await buffer(request);
      const answer = await facade.handle({
        method: request.method ?? 'GET',
        path,
        query: query.join('?'),
        headers: request.headers,
        body: body.length > 0 ? body : undefined,
        requestId: 'test-1',
        origin: `http://${request.headers.host}`,
        signal: new AbortController().signal,
        deadlineAt: Number.POSITIVE_INFINITY,
      });
      response.writeHead(answer.status, answer.headers).end(answer.body);
    })();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
