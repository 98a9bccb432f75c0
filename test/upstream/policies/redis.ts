/** The Redis of this machine behind a proxy of the test's own, which may stop answering; a prefix for each test. */
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { createClient } from '@redis/client';
import { onTestFinished } from 'vitest';

const port = 6379;

/** Does one answer there, to anybody? */
export async function hasRedis(): Promise<boolean> {
  const client = createClient({ socket: { host: '127.0.0.1', port, connectTimeout: 500, reconnectStrategy: false } });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    if (client.isOpen) client.destroy();
  }
}

export interface TestRedis {
  readonly url: string;
  readonly prefix: string;
  /** Keys below the prefix, with their time to live in milliseconds. */
  keys(): Promise<Map<string, number>>;
  values(): Promise<string[]>;
  /** Connections so far. */
  readonly connections: number;
  /** What goes to Redis is held back until it is let go. */
  freeze(): void;
  thaw(): void;
  /** Nobody listens any more, and all connections are reset. */
  kill(): Promise<void>;
  restart(): Promise<void>;
}

export async function startRedis(): Promise<TestRedis> {
  const prefix = `tributary-test:${randomUUID()}:`;
  const direct = createClient({ socket: { host: '127.0.0.1', port } });
  direct.on('error', () => {});
  await direct.connect();
  const sockets = new Set<Socket>();
  let isFrozen = false;
  let connections = 0;
  let proxyPort = 0;
  const open = async () => {
    const server = createServer((socket) => {
      connections++;
      const redis = connect(port, '127.0.0.1');
      for (const [from, to] of [
        [socket, redis],
        [redis, socket],
      ] as const) {
        sockets.add(from);
        from.on('error', () => {}).on('close', () => to.destroy());
      }
      redis.pipe(socket);
      if (!isFrozen) socket.pipe(redis);
    });
    server.listen(proxyPort, '127.0.0.1');
    await once(server, 'listening');
    proxyPort = (server.address() as AddressInfo).port;
    return server;
  };
  let server = await open();
  const allKeys = async () => {
    const found: string[] = [];
    for await (const some of direct.scanIterator({ MATCH: `${prefix}*` })) found.push(...some);
    return found;
  };
  const kill = async () => {
    if (!server.listening) return;
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
    sockets.clear();
    await once(server, 'close');
  };
  onTestFinished(async () => {
    await kill();
    const left = await allKeys();
    if (left.length > 0) await direct.del(left);
    direct.destroy();
  });
  return {
    url: `redis://default:nobody-may-read-this@127.0.0.1:${proxyPort}`,
    prefix,
    async keys() {
      const names = await allKeys();
      return new Map(await Promise.all(names.map(async (name) => [name, await direct.pTTL(name)] as const)));
    },
    async values() {
      return (await Promise.all((await allKeys()).map((name) => direct.get(name)))).map((value) => value ?? '');
    },
    get connections() {
      return connections;
    },
    freeze() {
      isFrozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      isFrozen = false;
      for (const socket of sockets) socket.resume();
    },
    kill,
    async restart() {
      server = await open();
    },
  };
}
