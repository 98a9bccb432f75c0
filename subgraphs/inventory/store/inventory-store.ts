/**
 * Stock and reservations in SQL. A transaction locks its reservation first, then the shelf (shelf.ts), lets the domain
 * decide, and writes what it decided. Every method takes the time, so that an expired hold counts as free at once.
 */
import type { Database, Sql } from '../../chassis/database.ts';
import {
  checkSameLines,
  commit,
  release,
  ReservationOver,
  type Decision,
  type Line,
  type Reservation,
} from '../domain/reservation.ts';
import { holdCopies, OutOfStock, returnCopies, takeCopies, type Stock } from '../domain/stock.ts';
import { lockShelf, readShelf, saveShelf } from './shelf.ts';

interface ReservationRow {
  readonly id: string;
  readonly state: Reservation['state'];
  readonly lines: readonly Line[];
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly decided_at: Date | null;
}

export class InventoryStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** In no particular order; books without stock are left out. */
  listStock(bookIds: readonly string[], now: Date): Promise<Stock[]> {
    return readShelf(this.#database, bookIds, now);
  }

  /** Changes the stock of one book; `change` gets undefined for a book that is not on the shelf. */
  changeStock(
    bookId: string,
    now: Date,
    change: (current: Stock | undefined) => Stock,
  ): Promise<{ readonly stock: Stock; readonly isNew: boolean }> {
    return this.#database.transaction(async (sql) => {
      const current = (await lockShelf(sql, [bookId], now)).get(bookId);
      if (current === undefined) {
        const stock = change(undefined);
        const rows = await sql.query(
          'insert into stock (book_id, on_hand) values ($1, $2) on conflict do nothing returning book_id',
          [bookId, stock.onHand],
        );
        if (rows.length > 0) return { stock, isNew: true };
      }
      // Somebody else may have put it there between the two statements.
      const stock = change(current ?? (await lockShelf(sql, [bookId], now)).get(bookId));
      await saveShelf(sql, [stock]);
      return { stock, isNew: false };
    });
  }

  async findReservation(id: string): Promise<Reservation | undefined> {
    return selectReservation(this.#database, id, '');
  }

  /** Holds all lines or none. With an id that is taken: what is there, when its lines are the same. */
  reserve(wanted: Reservation): Promise<{ readonly reservation: Reservation; readonly isNew: boolean }> {
    return this.#database.transaction(async (sql) => {
      if (!(await insertReservation(sql, wanted))) {
        const existing = (await selectReservation(sql, wanted.id, ''))!;
        checkSameLines(existing, wanted);
        return { reservation: existing, isNew: false };
      }
      const shelf = await lockShelf(sql, booksOf(wanted), wanted.createdAt);
      for (const { bookId, quantity } of wanted.lines) {
        const stock = shelf.get(bookId);
        if (stock === undefined) throw new OutOfStock(bookId, 0, quantity);
        holdCopies(stock, quantity);
      }
      await insertHolds(sql, wanted);
      return { reservation: wanted, isNew: true };
    });
  }

  commit(id: string, now: Date): Promise<Reservation | undefined> {
    return this.#decide(id, now, commit);
  }

  release(id: string, now: Date): Promise<Reservation | undefined> {
    return this.#decide(id, now, release);
  }

  /** Marks holds that are over; they count as free already. Gives the number of reservations marked. */
  async sweep(now: Date): Promise<number> {
    const marked = await this.#database.query(
      `update reservations set state = 'EXPIRED'
        where id in (select id from reservations
                      where state = 'HELD' and expires_at <= $1 for update skip locked)
        returning id`,
      [now],
    );
    await this.#database.transaction(async (sql) => {
      const rows = await sql.query<{ book_id: string }>('select distinct book_id from holds where expires_at <= $1', [
        now,
      ]);
      if (rows.length > 0)
        await lockShelf(
          sql,
          rows.map((row) => row.book_id),
          now,
        );
    });
    return marked.length;
  }

  #decide(
    id: string,
    now: Date,
    decide: (reservation: Reservation, now: Date) => Decision,
  ): Promise<Reservation | undefined> {
    return this.#database.transaction(async (sql) => {
      const current = await selectReservation(sql, id, 'for update');
      if (current === undefined) return undefined;
      const { reservation, copies } = decide(current, now);
      if (copies === 'stay') return reservation;
      await moveCopies(sql, reservation, copies, now);
      await sql.query('update reservations set state = $2, decided_at = $3 where id = $1', [
        id,
        reservation.state,
        now,
      ]);
      return reservation;
    });
  }
}

const booksOf = (reservation: Reservation): string[] => reservation.lines.map(({ bookId }) => bookId);

async function moveCopies(
  sql: Sql,
  reservation: Reservation,
  copies: Exclude<Decision['copies'], 'stay'>,
  now: Date,
): Promise<void> {
  const shelf = await lockShelf(sql, booksOf(reservation), now);
  const held = await sql.query('delete from holds where reservation_id = $1 returning book_id', [reservation.id]);
  if (copies === 'freed') return;
  // A caller whose clock is ahead has found the hold expired and dropped it: those copies may be promised already.
  if (copies === 'taken' && held.length < reservation.lines.length) throw new ReservationOver('EXPIRED');
  const move = copies === 'taken' ? takeCopies : returnCopies;
  await saveShelf(
    sql,
    reservation.lines.map(({ bookId, quantity }) => move(shelf.get(bookId)!, quantity)),
  );
}

async function selectReservation(sql: Sql, id: string, lock: '' | 'for update'): Promise<Reservation | undefined> {
  const [row] = await sql.query<ReservationRow>(`select * from reservations where id = $1 ${lock}`, [id]);
  return row === undefined ? undefined : toReservation(row);
}

async function insertReservation(sql: Sql, { id, lines, createdAt, expiresAt }: Reservation): Promise<boolean> {
  const rows = await sql.query(
    `insert into reservations (id, state, lines, created_at, expires_at) values ($1, 'HELD', $2::jsonb, $3, $4)
     on conflict do nothing returning id`,
    [id, JSON.stringify(lines), createdAt, expiresAt],
  );
  return rows.length > 0;
}

async function insertHolds(sql: Sql, { id, lines, expiresAt }: Reservation): Promise<void> {
  await sql.query(
    `insert into holds (book_id, reservation_id, quantity, expires_at)
     select line.book_id, $1, line.quantity, $2 from unnest($3::text[], $4::int[]) as line (book_id, quantity)`,
    [id, expiresAt, lines.map(({ bookId }) => bookId), lines.map(({ quantity }) => quantity)],
  );
}

function toReservation(row: ReservationRow): Reservation {
  const facts = { id: row.id, lines: row.lines, createdAt: row.created_at, expiresAt: row.expires_at };
  return row.state === 'HELD' || row.state === 'EXPIRED'
    ? { ...facts, state: row.state }
    : { ...facts, state: row.state, decidedAt: row.decided_at! };
}
