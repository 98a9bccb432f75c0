/** The operations of schema/services/inventory.openapi.yaml: from requests to the store and back, no rules of their own. */
import type { OperationHandler, OperationReply } from '../../chassis/create-service.ts';
import { ProblemError, notFound } from '../../chassis/problem.ts';
import { atMoment, holdReservation, type Line, type Reservation } from '../domain/reservation.ts';
import { availableOf, recount, type Stock } from '../domain/stock.ts';
import type { InventoryStore } from '../store/inventory-store.ts';
import { withProblems } from './problems.ts';

interface ReservationBody {
  readonly lines: readonly Line[];
  readonly ttlSeconds?: number;
}

export function buildHandlers(store: InventoryStore, now: () => Date): Record<string, OperationHandler> {
  return {
    listStock: async ({ query }) => {
      const bookIds = [...new Set(query['bookIds'] as string[])];
      const found = new Map((await store.listStock(bookIds, now())).map((stock) => [stock.bookId, stock]));
      const items = bookIds.flatMap((id) => found.get(id) ?? []).map(toStockBody);
      return { status: 200, body: { items } };
    },

    getStock: async ({ params }) => {
      const [stock] = await store.listStock([params['bookId']!], now());
      if (stock === undefined) throw notFound(`There is no stock of "${params['bookId']}"`);
      return replyStock(200, stock);
    },

    putStock: ({ params, body, headers, path }) =>
      withProblems(async () => {
        const { onHand } = body as { onHand: number };
        const bookId = params['bookId']!;
        const { stock, isNew } = await store.changeStock(bookId, now(), (current) => {
          checkIfMatch(headers['if-match'], current);
          return recount(current ?? { bookId, onHand: 0, reserved: 0 }, onHand);
        });
        return isNew ? replyStock(201, stock, { location: path }) : replyStock(200, stock);
      }),

    getReservation: async ({ params }) => {
      const reservation = await store.findReservation(params['id']!);
      return replyReservation(params['id']!, reservation, now());
    },

    putReservation: ({ params, body, path }) =>
      withProblems(async () => {
        const id = params['id']!;
        const wanted = holdReservation({ id, ...(body as ReservationBody), now: now() });
        const { reservation, isNew } = await store.reserve(wanted);
        const reply = replyReservation(id, reservation, now());
        return isNew ? { ...reply, status: 201, headers: { location: path } } : reply;
      }),

    commitReservation: ({ params }) =>
      withProblems(async () => {
        const reservation = await store.commit(params['id']!, now());
        return replyReservation(params['id']!, reservation, now());
      }),

    releaseReservation: async ({ params }) => {
      const reservation = await store.release(params['id']!, now());
      return replyReservation(params['id']!, reservation, now());
    },
  };
}

const toStockBody = (stock: Stock) => ({ ...stock, available: availableOf(stock) });

const replyStock = (status: number, stock: Stock, headers: Record<string, string> = {}): OperationReply => ({
  status,
  headers: { etag: stockTag(stock), ...headers },
  body: toStockBody(stock),
});

/** Made of the counts, not of a version: a hold that expires changes the stock without anybody writing it. */
const stockTag = ({ onHand, reserved }: Stock): string => `"${onHand}-${reserved}"`;

function checkIfMatch(header: string | undefined, current: Stock | undefined): void {
  if (header === undefined || header.trim() === '') return;
  const tag = current === undefined ? undefined : stockTag(current);
  const tags = header.split(',').map((entry) => entry.trim());
  if (tag !== undefined && (tags.includes('*') || tags.includes(tag))) return;
  throw new ProblemError(412, 'precondition-failed', 'Precondition failed', {
    detail: 'The stock has changed meanwhile: read it again, then send its new tag',
    ...(tag === undefined ? {} : { headers: { etag: tag } }),
  });
}

function replyReservation(id: string, reservation: Reservation | undefined, now: Date): OperationReply {
  if (reservation === undefined) throw notFound(`There is no reservation "${id}"`);
  return { status: 200, body: atMoment(reservation, now) };
}
