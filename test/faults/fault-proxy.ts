/**
 * A TCP proxy on loopback that breaks what goes through it: late, slow, cut, reset, swallowed or altered bytes, each way by
 * itself, from any byte on, the same for all connections or by their number. It knows no HTTP, so nothing above TCP can
 * tell it from a bad network. Delays and rates run on the clock that is handed in.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { systemClock, type Clock, type RandomSource } from 'tributary-gateway/upstream';

/** The way bytes go: requests towards the service, answers towards the client. */
export type Direction = 'request' | 'answer';

interface Where {
  /** `answer` when left out. */
  readonly direction?: Direction;
  /** Strikes once this many bytes went this way since the fault was set; 0 when left out. */
  readonly afterBytes?: number;
}

export type Fault = Where &
  (
    | { readonly kind: 'delay'; readonly ms: number; readonly jitterMs?: number }
    | { readonly kind: 'rate'; readonly bytesPerSecond: number }
    /** An orderly end of the whole connection, in place of the bytes. */
    | { readonly kind: 'cut' }
    /** An orderly end of this way only. */
    | { readonly kind: 'half-close' }
    | { readonly kind: 'reset' }
    /** Bytes vanish, and so does the end of the connection. */
    | { readonly kind: 'black-hole' }
    /** Turns the lowest bit of this many bytes; 1 when left out. */
    | { readonly kind: 'flip'; readonly bytes?: number }
  );

/** Asked for each connection, counted from 1, when it opens and when the faults change. */
export type FaultPlan = (connection: number) => readonly Fault[];

export interface FaultProxy {
  readonly port: number;
  readonly url: string;
  /** How many were accepted. */
  readonly connections: number;
  /** How many are open. */
  readonly open: number;
  /** The faults from now on, for open connections too; what one has already broken stays broken. Bytes count from here. */
  use(faults: readonly Fault[] | FaultPlan): void;
  /** Ends or resets the client's side of all open connections now. */
  endAll(how: 'cut' | 'reset'): void;
  close(): Promise<void>;
}

export interface FaultProxyOptions {
  /** The port on loopback behind the proxy; as a function, asked for each connection, for what starts later or moves. */
  readonly target: number | (() => number);
  readonly clock?: Clock;
  readonly random?: RandomSource;
}

const noFaults: FaultPlan = () => [];

interface Link {
  readonly number: number;
  readonly client: Socket;
  readonly service: Socket;
  readonly pumps: readonly Pump[];
}

export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { target, clock = systemClock, random = Math.random } = options;
  const links = new Set<Link>();
  let plan: FaultPlan = noFaults;
  let connections = 0;

  const server = createServer({ allowHalfOpen: true }, (client) => {
    const port = typeof target === 'number' ? target : target();
    const service = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const number = ++connections;
    const faults = plan(number);
    const pump = (direction: Direction, from: Socket, to: Socket) =>
      createPump({ direction, from, to, clock, random, faults });
    const link: Link = {
      number,
      client,
      service,
      pumps: [pump('request', client, service), pump('answer', service, client)],
    };
    links.add(link);
    service.on('error', () => client.resetAndDestroy());
    client.on('error', () => service.destroy());
    client.on('close', () => {
      links.delete(link);
      service.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: ownPort } = server.address() as AddressInfo;

  return {
    port: ownPort,
    url: `http://127.0.0.1:${ownPort}`,
    get connections() {
      return connections;
    },
    get open() {
      return links.size;
    },
    use(faults) {
      plan = typeof faults === 'function' ? faults : () => faults;
      for (const { number, pumps } of links) {
        const current = plan(number);
        for (const pump of pumps) pump.use(current);
      }
    },
    endAll(how) {
      for (const { client, service } of links) {
        if (how === 'reset') client.resetAndDestroy();
        else client.end();
        service.destroy();
      }
    },
    async close() {
      for (const { client, service } of links) {
        client.destroy();
        service.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface PumpOptions {
  readonly direction: Direction;
  readonly from: Socket;
  readonly to: Socket;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly faults: readonly Fault[];
}

interface Pump {
  use(faults: readonly Fault[]): void;
}

/** Carries one way of one connection; pieces leave in the order they came, each after the faults that meet it. */
function createPump({ direction, from, to, clock, random, ...start }: PumpOptions): Pump {
  let faults: readonly Fault[] = [];
  let carried = 0;
  let isOver = false;
  let work = Promise.resolve();

  const use = (next: readonly Fault[]) => {
    faults = next.filter((fault) => (fault.direction ?? 'answer') === direction);
    carried = 0;
  };
  const sleep = (ms: number) => new Promise<void>((resolve) => void clock.schedule(resolve, ms));
  const write = (bytes: Buffer) => {
    if (!to.destroyed && to.writable) to.write(bytes);
  };
  const writeSlowly = async (bytes: Buffer, bytesPerSecond: number) => {
    const size = Math.max(1, Math.ceil(bytesPerSecond / 100));
    for (let at = 0; at < bytes.length && !to.destroyed; at += size) {
      const slice = bytes.subarray(at, at + size);
      write(slice);
      await sleep((slice.length * 1000) / bytesPerSecond);
    }
  };

  /** A piece that no fault begins or ends inside of. */
  const carry = async (piece: Buffer): Promise<void> => {
    const meeting = faults.filter((fault) => {
      const begin = fault.afterBytes ?? 0;
      return carried >= begin && (fault.kind !== 'flip' || carried < begin + (fault.bytes ?? 1));
    });
    carried += piece.length;
    let bytes = piece;
    let rate: number | undefined;
    for (const fault of meeting) {
      switch (fault.kind) {
        case 'delay':
          await sleep(fault.ms + random() * (fault.jitterMs ?? 0));
          break;
        case 'rate':
          rate = fault.bytesPerSecond;
          break;
        case 'flip':
          bytes = Buffer.from(bytes.map((byte) => byte ^ 1));
          break;
        case 'black-hole':
          isOver = true;
          return;
        case 'half-close':
          isOver = true;
          to.end();
          return;
        case 'cut':
          isOver = true;
          to.end();
          from.end();
          return;
        case 'reset':
          isOver = true;
          to.resetAndDestroy();
          from.resetAndDestroy();
          return;
      }
    }
    if (rate === undefined) write(bytes);
    else await writeSlowly(bytes, rate);
  };
  const carryAll = async (chunk: Buffer): Promise<void> => {
    for (let rest = chunk; rest.length > 0 && !isOver;) {
      const size = pieceSize(rest.length);
      await carry(rest.subarray(0, size));
      rest = rest.subarray(size);
    }
  };
  /** Up to the next byte at which a fault begins or ends. */
  const pieceSize = (available: number): number => {
    const edges = faults.flatMap((fault) => {
      const begin = fault.afterBytes ?? 0;
      return fault.kind === 'flip' ? [begin, begin + (fault.bytes ?? 1)] : [begin];
    });
    const next = Math.min(...edges.filter((edge) => edge > carried), carried + available);
    return next - carried;
  };

  from.on('data', (chunk) => {
    from.pause();
    work = work.then(() => carryAll(chunk)).then(() => void from.resume());
  });
  from.on('end', () => {
    work = work.then(() => {
      if (!isOver) to.end();
    });
  });
  use(start.faults);
  return { use };
}
