/** Operations of the gateway in a database (facade.md 3.3, S12 and S13): whichever gateway is asked can tell of them, later ones too. */
import type { Operation, OperationStore } from '../../facade/index.ts';
import type { SqlDatabase } from './sql-database.ts';
import { toAnswer, toColumns, type AnswerColumns } from './stored-answer.ts';

export interface SqlOperationStoreOptions {
  /** The database with its tables, opened when it is first needed. */
  readonly database: () => Promise<SqlDatabase>;
  readonly now: () => Date;
}

/** Times are milliseconds of the gateway's clock. */
export const operationTable = `
  create table if not exists tributary_operations (
    id text primary key,
    name text not null,
    started_at double precision not null,
    lease_until double precision not null,
    expires_at double precision not null,
    ended_at double precision,
    status int,
    headers text,
    body bytea
  )`;

/** Where only one gateway has the database, what was under way when it is opened has died with the one before. */
export const interruptOperations = 'update tributary_operations set lease_until = started_at where ended_at is null';

interface OperationRow extends AnswerColumns {
  readonly id: string;
  readonly name: string;
  readonly started_at: number;
  readonly lease_until: number;
  readonly expires_at: number;
  readonly ended_at: number | null;
}

const toOperation = (row: OperationRow): Operation => ({
  id: row.id,
  name: row.name,
  startedAt: new Date(row.started_at),
  leaseUntil: new Date(row.lease_until),
  expiresAt: new Date(row.expires_at),
  ...(row.ended_at === null ? {} : { ended: { at: new Date(row.ended_at), answer: toAnswer(row) } }),
});

const SWEEP_EVERY_MS = 60_000;

export function createSqlOperationStore({ database, now }: SqlOperationStoreOptions): OperationStore {
  let sweptAt = -Infinity;
  const sweep = async (sql: SqlDatabase): Promise<void> => {
    const at = now().getTime();
    if (at - sweptAt < SWEEP_EVERY_MS) return;
    sweptAt = at;
    await sql.query('delete from tributary_operations where expires_at <= $1', [at]);
  };
  return {
    async add({ id, name, startedAt, leaseUntil, expiresAt }) {
      const sql = await database();
      await sweep(sql);
      const times = [startedAt, leaseUntil, expiresAt].map((time) => time.getTime());
      await sql.query(
        'insert into tributary_operations (id, name, started_at, lease_until, expires_at) values ($1, $2, $3, $4, $5)',
        [id, name, ...times],
      );
    },
    async end(id, { at, answer }) {
      const sql = await database();
      const { status, headers, body } = toColumns(answer);
      await sql.query(
        'update tributary_operations set ended_at = $2, status = $3, headers = $4, body = $5 where id = $1',
        [id, at.getTime(), status, headers, body],
      );
    },
    async find(id) {
      const sql = await database();
      const text = 'select * from tributary_operations where id = $1 and expires_at > $2';
      const [row] = await sql.query<OperationRow>(text, [id, now().getTime()]);
      return row && toOperation(row);
    },
  };
}
