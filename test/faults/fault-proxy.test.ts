// The proxy itself, against a server that sends back what it gets: bytes and ends are as each fault says, on a clock that stands still.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FakeClock } from '../upstream/fake-clock.ts';
import { startFaultProxy, type Fault } from './fault-proxy.ts';

async function startEcho() {
  const received: string[] = [];
  const server = createServer((socket) => {
    const index = received.push('') - 1;
    socket.on('error', () => {});
    socket.on('data', (data) => {
      received[index] += data.toString('latin1');
      socket.write(data);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const clock = new FakeClock();
  const proxy = await startFaultProxy({ target: (server.address() as AddressInfo).port, clock, random: () => 0.5 });
  onTestFinished(async () => {
    await proxy.close();
    await new Promise((resolve) => server.close(resolve));
  });
  return { proxy, clock, received };
}

/** A client that keeps what it gets, and how its connection ended. */
async function openClient(port: number) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const seen = { text: '', isEnded: false, error: '' };
  const waiting = new Set<() => void>();
  const changed = () => {
    for (const notify of waiting) notify();
  };
  socket.on('data', (data) => {
    seen.text += data.toString('latin1');
    changed();
  });
  socket.on('end', () => {
    seen.isEnded = true;
    changed();
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    seen.error = error.code ?? '';
    changed();
  });
  await once(socket, 'connect');
  onTestFinished(() => void socket.destroy());
  return {
    socket,
    seen,
    until: async (isDone: () => boolean) => {
      while (!isDone()) await new Promise<void>((resolve) => waiting.add(resolve));
    },
  };
}

const start = async (...faults: Fault[]) => {
  const echo = await startEcho();
  echo.proxy.use(faults);
  return { ...echo, ...(await openClient(echo.proxy.port)) };
};

const send = (socket: Socket, text: string) => socket.write(Buffer.from(text, 'latin1'));

/** What is under way between sockets of one process has arrived. */
const settle = async () => {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('faultProxy', () => {
  test('without faults hands on every byte, and the end', async () => {
    const { socket, seen, until } = await start();
    const text = 'x'.repeat(300_000);
    send(socket, text);
    await until(() => seen.text.length === text.length);
    socket.end();
    await until(() => seen.isEnded);
    expect(seen).toEqual({ text, isEnded: true, error: '' });
  });

  test('delay holds each piece for its time and the drawn part of its jitter', async () => {
    const { socket, seen, until, clock } = await start({ kind: 'delay', ms: 1000, jitterMs: 500 });
    send(socket, 'hello');
    await clock.untilScheduled(1250);
    clock.advance(1249);
    await settle();
    expect(seen.text).toBe('');
    clock.advance(1);
    await until(() => seen.text === 'hello');
  });

  test('delay of requests leaves answers alone', async () => {
    const { socket, until, seen, clock, received } = await start({ kind: 'delay', ms: 1000, direction: 'request' });
    send(socket, 'a');
    await clock.untilScheduled(1000);
    expect(received.join('')).toBe('');
    clock.advance(1000);
    await until(() => seen.text === 'a');
  });

  test('rate of 10 bytes a second lets one byte through each 100 ms', async () => {
    const { socket, seen, until, clock } = await start({ kind: 'rate', bytesPerSecond: 10 });
    send(socket, 'abc');
    for (const text of ['a', 'ab', 'abc']) {
      await until(() => seen.text.length === text.length);
      expect(seen.text).toBe(text);
      await clock.untilScheduled(100);
      clock.advance(100);
    }
  });

  test('cut after 3 bytes ends both sides, and nothing of the rest arrives', async () => {
    const { socket, seen, until } = await start({ kind: 'cut', afterBytes: 3 });
    send(socket, 'hello');
    await until(() => seen.isEnded);
    expect(seen).toEqual({ text: 'hel', isEnded: true, error: '' });
  });

  test('cut of the request keeps it from the service', async () => {
    const { socket, seen, until, received } = await start({ kind: 'cut', direction: 'request', afterBytes: 2 });
    send(socket, 'hello');
    await until(() => seen.isEnded);
    await settle();
    expect(received).toEqual(['he']);
  });

  test('half-close ends one way: what the service gets still goes through', async () => {
    const { socket, seen, until, received } = await start({ kind: 'half-close', afterBytes: 2 });
    send(socket, 'hello');
    await until(() => seen.isEnded);
    send(socket, 'more');
    await settle();
    expect(received).toEqual(['hellomore']);
    expect(seen).toEqual({ text: 'he', isEnded: true, error: '' });
  });

  test('reset is ECONNRESET for the client', async () => {
    const { socket, seen, until } = await start({ kind: 'reset', afterBytes: 0 });
    send(socket, 'hello');
    await until(() => seen.error !== '');
    expect(seen).toEqual({ text: '', isEnded: false, error: 'ECONNRESET' });
  });

  test('a black hole swallows bytes and the end, and the connection stays open', async () => {
    const { socket, seen, received, proxy } = await start({ kind: 'black-hole', afterBytes: 2 });
    send(socket, 'hello');
    await settle();
    socket.end();
    await settle();
    expect([seen, received, proxy.open]).toEqual([{ text: 'he', isEnded: false, error: '' }, ['hello'], 1]);
  });

  test('flip turns one bit of as many bytes as it is told, at their place', async () => {
    const { socket, seen, until } = await start({ kind: 'flip', afterBytes: 1, bytes: 2 });
    send(socket, 'aaaaa');
    await until(() => seen.text.length === 5);
    expect(seen.text).toBe('a``aa');
  });

  test('faults are chosen by connection, and change for open connections; bytes count from the change', async () => {
    const { proxy } = await startEcho();
    proxy.use((connection) => (connection === 2 ? [{ kind: 'flip' }] : []));
    const [first, second] = [await openClient(proxy.port), await openClient(proxy.port)];
    send(first.socket, 'aa');
    send(second.socket, 'aa');
    await first.until(() => first.seen.text === 'aa');
    await second.until(() => second.seen.text === '`a');
    proxy.use([{ kind: 'flip', afterBytes: 1 }]);
    send(first.socket, 'aa');
    await first.until(() => first.seen.text === 'aaa`');
    expect(proxy.connections).toBe(2);
  });

  test('endAll ends or resets what is open, and new connections are fine', async () => {
    const { proxy } = await startEcho();
    for (const how of ['cut', 'reset'] as const) {
      const client = await openClient(proxy.port);
      send(client.socket, 'a');
      await client.until(() => client.seen.text === 'a');
      proxy.endAll(how);
      await client.until(() => (how === 'cut' ? client.seen.isEnded : client.seen.error === 'ECONNRESET'));
      client.socket.destroy();
    }
    const client = await openClient(proxy.port);
    send(client.socket, 'b');
    await client.until(() => client.seen.text === 'b');
  });
});
