/**
 * The stock rows of some books, locked for one transaction. All writers come through here: rows are locked in the order of
 * their ids, and holds are touched only under those locks, so no two transactions can wait for each other.
 */
import type { Sql } from '../../chassis/database.ts';
import type { Stock } from '../domain/stock.ts';

interface StockRow {
  readonly book_id: string;
  readonly on_hand: number;
  readonly reserved: number;
}

const toStock = (row: StockRow): Stock => ({ bookId: row.book_id, onHand: row.on_hand, reserved: row.reserved });

/** Locks the books that are there, drops holds that have expired, and gives what is left, by book. */
export async function lockShelf(sql: Sql, bookIds: readonly string[], now: Date): Promise<Map<string, Stock>> {
  await sql.query('select 1 from stock where book_id = any($1::text[]) order by book_id for update', [bookIds]);
  await sql.query('delete from holds where book_id = any($1::text[]) and expires_at <= $2', [bookIds, now]);
  return new Map((await readShelf(sql, bookIds, now)).map((stock) => [stock.bookId, stock]));
}

/** The stock of the books that are there, without a lock. */
export async function readShelf(sql: Sql, bookIds: readonly string[], now: Date): Promise<Stock[]> {
  const rows = await sql.query<StockRow>(
    `select s.book_id, s.on_hand, coalesce(sum(h.quantity), 0)::int as reserved
       from stock s left join holds h on h.book_id = s.book_id and h.expires_at > $2
      where s.book_id = any($1::text[])
      group by s.book_id`,
    [bookIds, now],
  );
  return rows.map(toStock);
}

/** Writes the counts of locked books; what is held stands in `holds`. */
export async function saveShelf(sql: Sql, stocks: readonly Stock[]): Promise<void> {
  await sql.query(
    `update stock set on_hand = changed.on_hand
       from unnest($1::text[], $2::int[]) as changed (book_id, on_hand)
      where stock.book_id = changed.book_id`,
    [stocks.map(({ bookId }) => bookId), stocks.map(({ onHand }) => onHand)],
  );
}
