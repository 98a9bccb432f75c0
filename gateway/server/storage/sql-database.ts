/** PostgreSQL in the process (PGlite) or on a server, as far as the REST side needs it: one statement at a time. */
export interface SqlDatabase {
  /** Rows of one statement; values are bound as $1, $2, ... */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  close(): Promise<void>;
}
