/** F39: the graph changes under load. No operation fails, a broken change is refused, the last one of many wins. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { routes, schemaWith, startReloadingGateway, type ReloadingGateway } from './reloading-gateway.ts';

const until = async (is: () => boolean | Promise<boolean>) => {
  while (!(await is())) await new Promise((resolve) => setTimeout(resolve, 20));
};
const reloads = ({ log }: ReloadingGateway) => log.filter(({ msg }) => msg === 'reloaded').length;
const isKnown = async (gateway: ReloadingGateway, field: string) =>
  (await gateway.ask(`{ book(id: "b") { ${field} } }`)).status === 200;

// A thread that compiles its own sources takes seconds to start on a busy machine.
describe('F39 hot reload', { timeout: 120_000 }, () => {
  let gateway: ReloadingGateway;
  let close = async () => {};
  beforeAll(async () => {
    const onEnd = (end: () => Promise<void>) => (close = end);
    gateway = await startReloadingGateway('reload: { watch: false }', { onEnd });
  });
  afterAll(() => close());
  beforeEach(() => {
    gateway.writeFirst();
    gateway.log.length = 0;
  });

  it('takes a good change under load: 0 failed operations, and the new field answers', async () => {
    expect(await isKnown(gateway, 'isbn')).toBe(false);
    const { result, asked, failed } = await gateway.under(4, async () => {
      gateway.write('books.graphql', schemaWith('title: String year: Int isbn: String', 'id title year isbn'));
      return gateway.server.reload();
    });
    expect(result).toEqual({ state: 'applied', isGraphNew: true, restartNeeded: [] });
    expect(failed).toEqual([]);
    expect(asked).toBeGreaterThan(10);
    expect((await gateway.ask('{ book(id: "b") { isbn } }')).body).toEqual({ data: { book: { isbn: '1' } } });
    expect(gateway.server.supergraphSdl).toContain('isbn');
  });

  it('refuses a broken change with its place, serves on, and tells so in log, admin port and metrics', async () => {
    const refusals = async () =>
      Number(/graph_reloads\{outcome="refused"\} (\d+)/.exec((await gateway.admin('/metrics')).body)?.[1] ?? 0);
    const before = await refusals();
    const { result, failed } = await gateway.under(2, async () => {
      gateway.write('books.graphql', schemaWith('title: Strin'));
      return gateway.admin('/admin/reload', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
    });
    expect(failed).toEqual([]);
    expect(result).toMatchObject({ status: 422, body: { state: 'refused' } });
    expect(result.body.reason).toMatch(/error\[[A-Z_]+\].*Strin[^]*--> .*books\.graphql:\d+:\d+[^]*\^/);
    expect(gateway.log.find(({ msg }) => msg.startsWith('reload refused'))).toMatchObject({
      reason: result.body.reason,
    });
    expect((await gateway.admin('/admin/graph')).body.lastReload).toMatchObject({ state: 'refused' });
    expect(await refusals()).toBe(before + 1);
    expect((await gateway.ask('{ book(id: "b") { title year } }')).body.errors).toBeUndefined();
  });

  it('switches a route off, alone, that an incompatible change leaves behind; it comes back with its field', async () => {
    gateway.write('books.graphql', schemaWith('title: String'));
    expect(await gateway.server.reload()).toMatchObject({ state: 'applied' });
    const off = await gateway.rest('/years/b');
    expect([off.status, off.body.type, off.headers.get('retry-after')]).toEqual([
      503,
      '/rest/problems/route-disabled',
      '60',
    ]);
    expect((await gateway.rest('/books/b')).status).toBe(200);
    expect((await gateway.admin('/admin/graph')).body.disabledRoutes).toMatchObject([{ operation: 'getYear' }]);
    expect((await gateway.admin('/metrics')).body).toContain('facade_routes_disabled 1');
    expect(gateway.log.filter(({ msg }) => msg.startsWith('route switched off'))).toMatchObject([
      { route: '/years/{id}' },
    ]);
    gateway.write('books.graphql', schemaWith('title: String year: Int', 'id title year'));
    expect(await gateway.server.reload()).toMatchObject({ state: 'applied' });
    expect((await gateway.rest('/years/b')).status).toBe(200);
  });

  it('refuses a broken operation document as a whole', async () => {
    gateway.write('routes/books.graphql', routes.replace('{ id year }', '{ id years }'));
    const outcome = await gateway.server.reload();
    expect(outcome).toMatchObject({ state: 'refused', reason: expect.stringContaining('Did you mean "year"') });
    expect((await gateway.rest('/years/b')).status).toBe(200);
  });

  it('sees changes of files by itself; of a hundred in a row the last one wins, in few reloads', async () => {
    const watching = await startReloadingGateway();
    const { failed } = await watching.under(2, async () => {
      for (let n = 0; n <= 100; n++) {
        watching.write('books.graphql', schemaWith(`title: String year: Int f${n}: Int`, `id title year f${n}: year`));
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await until(() => isKnown(watching, 'f100'));
    });
    expect(failed).toEqual([]);
    expect(await isKnown(watching, 'f99')).toBe(false);
    expect(reloads(watching)).toBeLessThan(20);
  });

  it('does nothing where nothing has changed, and names what needs a restart', async () => {
    await gateway.server.reload();
    expect(await gateway.server.reload()).toEqual({ state: 'unchanged', restartNeeded: [] });
    gateway.write('tributary.yaml', 'reload: { watch: false, quiet: 9s }');
    expect(await gateway.server.reload()).toMatchObject({ restartNeeded: ['reload'] });
  });
});
