import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase, type Database, type Storage } from '../../../../subgraphs/chassis/database.ts';
import { migrate } from '../../../../subgraphs/chassis/migrate.ts';
import { holdReservation, ReservationOver, type Line } from '../../../../subgraphs/inventory/domain/reservation.ts';
import { BelowReserved, OutOfStock, recount } from '../../../../subgraphs/inventory/domain/stock.ts';
import { InventoryStore } from '../../../../subgraphs/inventory/store/inventory-store.ts';
import { migrations } from '../../../../subgraphs/inventory/store/migrations.ts';
import { createOwnDatabase, hasPostgres, noPostgres, type OwnDatabase } from '../../postgres.ts';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);

describe('InventoryStore on PGlite', () => {
  storeTests(async () => ({ storage: { kind: 'ephemeral' }, drop: async () => {} }), 25);
});

const isPostgresThere = await hasPostgres();
describe.skipIf(!isPostgresThere)(`InventoryStore on PostgreSQL${isPostgresThere ? '' : ` (${noPostgres})`}`, () => {
  storeTests(async () => {
    const own: OwnDatabase = await createOwnDatabase();
    return { storage: { kind: 'postgres', url: own.url }, drop: () => own.drop() };
  }, 10);

  test('200 reservations over crossing books neither deadlock nor hold a copy twice', async () => {
    const own = await createOwnDatabase();
    const database = await openDatabase('inventory', { kind: 'postgres', url: own.url });
    await migrate(database, migrations);
    const store = new InventoryStore(database);
    const books = ['a', 'b', 'c', 'd'];
    for (const bookId of books) await putStock(store, bookId, 40);
    const settled = await Promise.allSettled(
      Array.from({ length: 200 }, async (_, index) => {
        const lines = [0, 1, 2].map((step) => ({ bookId: books[(index * 3 + step) % 4]!, quantity: 1 }));
        const wanted = holdReservation({ id: `r${index}`, lines: index % 2 ? lines : lines.toReversed(), now: at(0) });
        await store.reserve(wanted);
        await (index % 3 === 0 ? store.release(wanted.id, at(1)) : store.commit(wanted.id, at(1)));
        if (index % 20 === 0) await store.sweep(at(2));
        return index % 3 !== 0;
      }),
    );
    const refusals = settled.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown);
    expect(refusals.filter((reason) => !(reason instanceof OutOfStock))).toEqual([]);
    const taken = settled.filter((result) => result.status === 'fulfilled' && result.value).length * 3;
    const left = await store.listStock(books, at(3));
    expect(left.reduce((sum, { onHand }) => sum + onHand, 0)).toBe(160 - taken);
    expect(left.every(({ onHand, reserved }) => onHand >= 0 && reserved === 0)).toBe(true);
    await database.close();
    await own.drop();
  });
});

async function putStock(store: InventoryStore, bookId: string, onHand: number): Promise<void> {
  await store.changeStock(bookId, at(0), (current) => recount(current ?? { bookId, onHand: 0, reserved: 0 }, onHand));
}

function storeTests(
  make: () => Promise<{ readonly storage: Storage; readonly drop: () => Promise<void> }>,
  propertyRuns: number,
): void {
  let database: Database;
  let store: InventoryStore;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const made = await make();
    drop = made.drop;
    database = await openDatabase('inventory', made.storage);
    await migrate(database, migrations);
    store = new InventoryStore(database);
  });

  afterAll(async () => {
    await database.close();
    await drop();
  });

  const empty = async (): Promise<void> => {
    for (const table of ['holds', 'reservations', 'stock']) await database.query(`delete from ${table}`);
  };
  beforeEach(empty);

  const reserve = (id: string, lines: readonly Line[], seconds = 0, ttlSeconds = 60) =>
    store.reserve(holdReservation({ id, lines, now: at(seconds), ttlSeconds }));
  const stockOf = async (bookId: string, seconds = 0) => (await store.listStock([bookId], at(seconds)))[0];
  const one = (bookId: string, quantity = 1): Line[] => [{ bookId, quantity }];

  test('reserve holds all lines or none', async () => {
    await putStock(store, 'emma', 3);
    await putStock(store, 'faust', 1);
    await expect(reserve('r1', [...one('emma', 2), ...one('faust', 2)])).rejects.toMatchObject({
      name: 'OutOfStock',
      bookId: 'faust',
      available: 1,
      requested: 2,
    });
    expect(await stockOf('emma')).toMatchObject({ onHand: 3, reserved: 0 });
    expect(await store.findReservation('r1')).toBeUndefined();
    await expect(reserve('r2', one('unknown'))).rejects.toMatchObject({ bookId: 'unknown', available: 0 });
  });

  test('reserve again with the same lines gives what is there, whatever became of it', async () => {
    await putStock(store, 'emma', 3);
    const first = await reserve('r1', one('emma', 2));
    expect(first.isNew).toBe(true);
    expect(await reserve('r1', one('emma', 2), 5)).toEqual({ reservation: first.reservation, isNew: false });
    await store.commit('r1', at(6));
    expect(await reserve('r1', one('emma', 2), 7)).toMatchObject({ isNew: false, reservation: { state: 'COMMITTED' } });
    await expect(reserve('r1', one('emma', 1), 8)).rejects.toMatchObject({ name: 'ReservationDiffers' });
    expect(await stockOf('emma')).toMatchObject({ onHand: 1, reserved: 0 });
  });

  test('the same reservation sent twice at once is made once', async () => {
    await putStock(store, 'emma', 3);
    const both = await Promise.all([reserve('r1', one('emma', 2)), reserve('r1', one('emma', 2))]);
    expect(both.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await stockOf('emma')).toMatchObject({ onHand: 3, reserved: 2 });
  });

  test('an expired hold counts as free at once, before any sweep', async () => {
    await putStock(store, 'emma', 2);
    await reserve('r1', one('emma', 2), 0, 60);
    expect(await stockOf('emma', 59)).toMatchObject({ reserved: 2 });
    expect(await stockOf('emma', 60)).toMatchObject({ reserved: 0 });
    await reserve('r2', one('emma', 2), 60);
    await expect(store.commit('r1', at(61))).rejects.toThrow(ReservationOver);
    await store.commit('r2', at(61));
    expect(await stockOf('emma', 61)).toMatchObject({ onHand: 0, reserved: 0 });
  });

  test('commit by a clock that lags cannot take copies which another has been promised since', async () => {
    await putStock(store, 'emma', 1);
    await reserve('r1', one('emma'), 0, 60);
    await reserve('r2', one('emma'), 61);
    await expect(store.commit('r1', at(59))).rejects.toThrow(ReservationOver);
    expect(await stockOf('emma', 61)).toMatchObject({ onHand: 1, reserved: 1 });
    expect(await store.release('r1', at(59))).toMatchObject({ state: 'RELEASED' });
    expect(await stockOf('emma', 61)).toMatchObject({ onHand: 1, reserved: 1 });
  });

  test('sweep marks what has expired and nothing else', async () => {
    await putStock(store, 'emma', 3);
    await reserve('old', one('emma'), 0, 60);
    await reserve('young', one('emma'), 30, 60);
    await reserve('taken', one('emma'), 0, 60);
    await store.commit('taken', at(1));
    expect(await store.sweep(at(60))).toBe(1);
    expect(await store.sweep(at(60))).toBe(0);
    expect((await store.findReservation('old'))?.state).toBe('EXPIRED');
    expect((await store.findReservation('young'))?.state).toBe('HELD');
    const holds = await database.query<{ reservation_id: string }>('select reservation_id from holds');
    expect(holds).toEqual([{ reservation_id: 'young' }]);
  });

  test('a count cannot go below what is reserved', async () => {
    await putStock(store, 'emma', 3);
    await reserve('r1', one('emma', 2));
    await expect(putStock(store, 'emma', 1)).rejects.toThrow(BelowReserved);
    await putStock(store, 'emma', 2);
    expect(await stockOf('emma')).toMatchObject({ onHand: 2, reserved: 2 });
  });

  test('two who put a new book on the shelf at once both succeed, one as the first', async () => {
    const put = () =>
      store.changeStock('new', at(0), (now) => recount(now ?? { bookId: 'new', onHand: 0, reserved: 0 }, 7));
    const both = await Promise.all([put(), put()]);
    expect(both.filter(({ isNew }) => isNew)).toHaveLength(1);
  });

  test('200 reservations at once for the last 50 copies: 50 are held, 150 refused', async () => {
    await putStock(store, 'rare', 50);
    const all = await Promise.allSettled(Array.from({ length: 200 }, (_, index) => reserve(`r${index}`, one('rare'))));
    const refusals = all.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown);
    expect(refusals).toHaveLength(150);
    expect(refusals.every((reason) => reason instanceof OutOfStock)).toBe(true);
    expect(await stockOf('rare')).toMatchObject({ onHand: 50, reserved: 50 });
  });

  test('commit and release of an unknown reservation find nothing', async () => {
    expect(await store.commit('nobody', at(0))).toBeUndefined();
    expect(await store.release('nobody', at(0))).toBeUndefined();
  });

  test('random interleavings keep 0 <= reserved <= onHand and lose no copy', async () => {
    const id = fc.constantFrom('r1', 'r2', 'r3', 'r4');
    const lines = fc.uniqueArray(
      fc.record({ bookId: fc.constantFrom('a', 'b', 'c'), quantity: fc.integer({ min: 1, max: 4 }) }),
      { minLength: 1, maxLength: 3, selector: (line) => line.bookId },
    );
    const action = fc.oneof(
      fc.record({ kind: fc.constant('reserve' as const), id, lines, ttl: fc.integer({ min: 1, max: 30 }) }),
      fc.record({ kind: fc.constant('commit' as const), id }),
      fc.record({ kind: fc.constant('release' as const), id }),
      fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 20 }) }),
      fc.record({ kind: fc.constant('sweep' as const) }),
    );
    // Several actions of one row run at the same time.
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(action, { minLength: 1, maxLength: 3 }), { maxLength: 12 }), async (rows) => {
        await empty();
        for (const bookId of ['a', 'b', 'c']) await putStock(store, bookId, 6);
        let seconds = 0;
        for (const row of rows) {
          const results = await Promise.allSettled(
            row.map(async (next) => {
              if (next.kind === 'reserve') await reserve(next.id, next.lines, seconds, next.ttl);
              else if (next.kind === 'commit') await store.commit(next.id, at(seconds));
              else if (next.kind === 'release') await store.release(next.id, at(seconds));
              else if (next.kind === 'sweep') await store.sweep(at(seconds));
              else seconds += next.seconds;
            }),
          );
          for (const result of results) {
            if (result.status === 'fulfilled') continue;
            expect(['OutOfStock', 'ReservationDiffers', 'ReservationOver']).toContain((result.reason as Error).name);
          }
          await checkShelves(seconds);
        }
      }),
      { numRuns: propertyRuns },
    );
  });

  /** What is on the shelf and what was taken are all the copies there ever were; what is held, somebody holds. */
  async function checkShelves(seconds: number): Promise<void> {
    const taken = await database.query<{ book: string; state: string; quantity: number }>(
      `select line ->> 'bookId' as book, state, sum((line ->> 'quantity')::int)::int as quantity
         from reservations cross join jsonb_array_elements(lines) as line
        where state = 'COMMITTED' or (state = 'HELD' and expires_at > $1) group by 1, 2`,
      [at(seconds)],
    );
    const sum = (book: string, state: string) =>
      taken.find((row) => row.book === book && row.state === state)?.quantity ?? 0;
    for (const { bookId, onHand, reserved } of await store.listStock(['a', 'b', 'c'], at(seconds))) {
      expect(onHand + sum(bookId, 'COMMITTED')).toBe(6);
      expect(reserved).toBe(sum(bookId, 'HELD'));
      expect(reserved).toBeLessThanOrEqual(onHand);
    }
  }
}
