/** F40: settings of calls change while the gateway serves; what they do not concern keeps its state. */
import { expect, it } from 'vitest';
import { startReloadingGateway } from './reloading-gateway.ts';

it(
  'F40 a reload of settings keeps the graph, the connections and a breaker that is held open',
  { timeout: 120_000 },
  async () => {
    const gateway = await startReloadingGateway('reload: { watch: false }');
    const json = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const force = { ...json, body: '{"state":"force-open"}' };
    expect((await gateway.admin('/admin/upstreams/books/breaker', force)).status).toBe(200);
    const sdl = gateway.server.supergraphSdl;
    gateway.write('tributary.yaml', 'reload: { watch: false }\nupstream: { bulkhead: { concurrent: 7 } }');
    const outcome = await gateway.server.reload();
    expect(outcome).toEqual({ state: 'applied', isGraphNew: false, restartNeeded: [] });
    expect(gateway.server.supergraphSdl).toBe(sdl);
    expect((await gateway.ask('{ book(id: "b") { title } }')).body.errors).toMatchObject([
      { extensions: { code: 'CIRCUIT_OPEN' } },
    ]);
    expect(gateway.calls).toEqual([]);
    expect((await gateway.admin('/admin/upstreams/books/breaker', { ...json, body: '{"state":"lift"}' })).status).toBe(
      200,
    );
    expect((await gateway.ask('{ book(id: "b") { title } }')).body.errors).toBeUndefined();
  },
);
