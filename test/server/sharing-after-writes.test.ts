// A GET started before a mutation finished is never shared with one started after it (connectors.md 3.3).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { head } from '../connectors/harness.ts';
import { startSmallGateway } from './small-gateway.ts';

const sdl = `${head()}
  type Query { stock: Stock @connect(source: "a", http: { GET: "/stock" }, selection: "left") }
  type Mutation {
    buy: Stock @connect(source: "a", http: { POST: "/buy" }, selection: "left")
    buyByGet: Stock @connect(source: "a", http: { GET: "/buy" }, selection: "left")
    look: Stock @connect(source: "a", http: { GET: "/stock" }, selection: "left")
  }
  type Stock { left: Int }`;

/** A folder of REST operations, with one write. */
function writeOperations(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-writes-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'buy.graphql'), 'mutation Buy @http(method: POST, route: "/purchases") { buy { left } }');
  return folder;
}

type Gateway = Awaited<ReturnType<typeof startSmallGateway>>;

const writes = {
  'a mutation': async ({ ask }: Gateway) => {
    expect(await ask('mutation { buy { left } }')).toEqual({ data: { buy: { left: 4 } } });
  },
  'a mutation whose connector sends a GET': async ({ ask }: Gateway) => {
    expect(await ask('mutation { buyByGet { left } }')).toEqual({ data: { buyByGet: { left: 4 } } });
  },
  'a REST request': async ({ url }: Gateway) => {
    const response = await fetch(`${url}/rest/purchases`, { method: 'POST' });
    expect(await response.json()).toMatchObject({ left: 4 });
  },
} as const;

const engines = [
  ['apollo', false],
  ['apollo', true],
  ['tributary', false],
  ['tributary', true],
] as const;

test.each(
  engines.flatMap(([engine, isShared]) =>
    Object.entries(writes).map(([way, write]) => ({ engine, isShared, way, write })),
  ),
)(
  'engine $engine, operations shared $isShared: who reads after $way does not get what was asked before it',
  async ({ engine, isShared, write }) => {
    let left = 5;
    let reads = 0;
    let arrived = () => {};
    let release = () => {};
    const isThere = new Promise<void>((resolve) => (arrived = resolve));
    const gate = new Promise<void>((resolve) => (release = resolve));
    const gateway = await startSmallGateway({
      sdl,
      settings: `engine: ${engine}\nsharing: { operations: ${isShared} }\nfacade: { operations: ${writeOperations()} }`,
      answer: async (_request, { pathname }) => {
        if (pathname === '/buy') left -= 1;
        else if (++reads === 1) {
          const body = { left };
          arrived();
          await gate;
          return { body };
        }
        return { body: { left } };
      },
    });
    const { ask } = gateway;
    const before = ask('{ stock { left } }');
    await isThere;
    await write(gateway);
    expect(await ask('{ stock { left } }')).toEqual({ data: { stock: { left: 4 } } });
    release();
    expect(await before).toEqual({ data: { stock: { left: 5 } } });
    expect(reads).toBe(2);
  },
);

test.each(['apollo', 'tributary'])(
  'engine %s: equal mutations in flight are each sent, also when their connector sends a GET',
  async (engine) => {
    let arrived = 0;
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { ask, rest } = await startSmallGateway({
      sdl,
      // Who waits for a call of another's must not be saved by its being tried again
      settings: `engine: ${engine}\nupstream: { retry: { retries: 0 } }`,
      answer: async () => {
        if (++arrived === 2) release();
        await gate;
        return { body: { left: 1 } };
      },
    });
    const text = 'mutation { buyByGet { left } }';
    const done = { data: { buyByGet: { left: 1 } } };
    expect(await Promise.all([ask(text), ask(text)])).toEqual([done, done]);
    expect(rest.takeCalls()).toEqual(['GET /buy', 'GET /buy']);
  },
);

test('a mutation whose connector sends a GET is sent although an answer for that address is kept, and ends the keeping', async () => {
  let left = 5;
  const { ask, rest } = await startSmallGateway({
    sdl,
    settings: 'upstream: { cache: { enabled: true } }',
    answer: () => ({ body: { left: left-- }, headers: { 'cache-control': 'max-age=60' } }),
  });
  expect(await ask('{ stock { left } }')).toEqual({ data: { stock: { left: 5 } } });
  expect(await ask('{ stock { left } }')).toEqual({ data: { stock: { left: 5 } } });
  expect(await ask('mutation { look { left } }')).toEqual({ data: { look: { left: 4 } } });
  expect(await ask('{ stock { left } }')).toEqual({ data: { stock: { left: 3 } } });
  expect(rest.takeCalls()).toEqual(['GET /stock', 'GET /stock', 'GET /stock']);
});
