/** The load of a chaos run: queries, REST reads and orders, and how each request ended as its client saw it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RandomSource } from 'tributary-gateway/upstream';

/** Longer than the gateway's own deadline of 30 s: a request that takes this long hangs. */
const hangsAfterMs = 35_000;

export interface Tally {
  requests: number;
  /** Everything that was asked for. */
  full: number;
  /** Data and errors. */
  part: number;
  /** An error with a code, and no data. */
  refused: number;
  /** No answer in time, none at all, or one that says nothing. */
  hung: number;
  readonly codes: Map<string, number>;
}

export const emptyTally = (): Tally => ({ requests: 0, full: 0, part: 0, refused: 0, hung: 0, codes: new Map() });

/** One intent to order, under one key: asked for until there is an answer that settles it. */
export interface Order {
  readonly key: string;
  readonly customer: string;
  readonly bookId: string;
  readonly quantity: number;
  readonly face: 'graphql' | 'rest';
  /** The id, when the client was told that it is placed. */
  placed?: string;
  /** Told for good that it is not. */
  isDenied?: boolean;
}

interface Answer {
  readonly status: number;
  readonly body: any;
}

type Ask = (path: string, init?: { body: unknown; headers?: Record<string, string> }) => Promise<Answer | undefined>;

/** Asks and counts; undefined when it hung. */
export function createAsker(url: string, tally: Tally): Ask {
  return async (path, init) => {
    tally.requests++;
    try {
      const response = await fetch(url + path, {
        ...(init === undefined ? {} : { method: 'POST', body: JSON.stringify(init.body) }),
        headers: { 'content-type': 'application/json', ...init?.headers },
        signal: AbortSignal.timeout(hangsAfterMs),
      });
      const answer: Answer = { status: response.status, body: await response.json() };
      count(tally, answer);
      return answer;
    } catch (error) {
      tally.hung++;
      countCode(tally, `HUNG ${path}: ${String((error as Error).cause ?? error)}`);
      return undefined;
    }
  };
}

function count(tally: Tally, { status, body }: Answer): void {
  const codes = codesOf(body);
  for (const code of new Set(codes)) countCode(tally, code);
  const hasData = body.data !== undefined && Object.values(body.data ?? {}).some((value) => value !== null);
  if (status < 300 && codes.length === 0) tally.full++;
  else if (status < 300 && hasData) tally.part++;
  else if (codes.length > 0) tally.refused++;
  else {
    tally.hung++;
    countCode(tally, `NO CODE: ${status} ${JSON.stringify(body).slice(0, 200)}`);
  }
}

const countCode = (tally: Tally, code: string): void => void tally.codes.set(code, (tally.codes.get(code) ?? 0) + 1);

const nameOf = (code: string, service: string | undefined): string =>
  service === undefined ? code : `${code} (${service})`;

function codesOf(body: any): string[] {
  if (Array.isArray(body.errors) && body.code === undefined) {
    return body.errors.map(({ extensions }: any) => nameOf(extensions?.code ?? 'none', extensions?.service));
  }
  return body.code === undefined ? [] : [nameOf(body.code, body.service)];
}

const queries = [
  '{ books(first: 5) { nodes { title authors { name } rating { average count } stock } } }',
  '{ book(id: "madame-bovary") { title authors { name } reviews(first: 3) { nodes { rating text } } stock } }',
  '{ author(id: "gustave-flaubert") { name books { nodes { title stock } } } }',
  '{ orders(customer: "chaos-1") { nodes { id status lines { book { title } } } } }',
];
const paths = [
  '/rest/books/madame-bovary',
  '/rest/books?first=3',
  '/rest/authors/gustave-flaubert',
  '/rest/books/le-petit-prince/reviews',
  '/rest/books/le-petit-prince/stock',
];

const placement = `mutation ($input: OrderInput!, $key: String) {
  placeOrder(input: $input, idempotencyKey: $key) { __typename ... on Order { id } }
}`;

/** Sends an order once more; sets `placed` or `isDenied` when the answer settles it. */
export async function sendOrder(ask: Ask, order: Order): Promise<void> {
  const input = { customer: order.customer, lines: [{ bookId: order.bookId, quantity: order.quantity }] };
  if (order.face === 'rest') {
    const answer = await ask('/rest/orders', { body: input, headers: { 'idempotency-key': order.key } });
    if (answer?.status === 201) order.placed = String(answer.body.id);
    else if (answer?.status === 402 || answer?.body.type?.endsWith('/out-of-stock')) order.isDenied = true;
    return;
  }
  const answer = await ask('/graphql', { body: { query: placement, variables: { input, key: order.key } } });
  const result = answer?.body.data?.placeOrder;
  if (result?.__typename === 'Order') order.placed = String(result.id);
  else if (result !== undefined && result !== null) order.isDenied = true;
}

export const isSettled = ({ placed, isDenied }: Order): boolean => placed !== undefined || isDenied === true;

export interface LoadOptions {
  readonly ask: Ask;
  readonly random: RandomSource;
  readonly clients: number;
  readonly endsAt: number;
  readonly bookId: string;
}

/** Clients that ask one thing after the other until the time is over. Gives the orders they wanted, settled or not. */
export async function load({ ask, random, clients, endsAt, bookId }: LoadOptions): Promise<readonly Order[]> {
  const orders: Order[] = [];
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;
  const createOrder = (): Order => {
    const n = orders.length + 1;
    const face = random() < 0.5 ? 'graphql' : 'rest';
    const quantity = 1 + Math.floor(random() * 3);
    const order: Order = { key: `chaos-key-${n}`, customer: `chaos-${n}`, bookId, quantity, face };
    orders.push(order);
    return order;
  };
  /** As a client with patience: up to three times under the same key. */
  const placeOne = async () => {
    const order = createOrder();
    for (let time = 0; time < 3 && !isSettled(order); time++) {
      if (time > 0) await sleep(200 + random() * 500);
      await sendOrder(ask, order);
    }
  };
  const client = async () => {
    while (performance.now() < endsAt) {
      const dice = random();
      if (dice < 0.2) await placeOne();
      else if (dice < 0.6) await ask(pick(paths));
      else await ask('/graphql', { body: { query: pick(queries) } });
      await sleep(random() * 40);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return orders;
}
