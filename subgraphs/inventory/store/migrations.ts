/**
 * The tables of the inventory. A row in `holds` is what holds copies back: whoever deletes it (a commitment, a release, or
 * a later reservation that finds it expired) has decided about those copies, and nobody else can.
 */
import type { Migration } from '../../chassis/migrate.ts';

export const migrations: readonly Migration[] = [
  {
    id: '001-stock-and-reservations',
    statements: [
      `create table stock (
         book_id text primary key,
         on_hand integer not null check (on_hand >= 0)
       )`,
      `create table reservations (
         id text primary key,
         state text not null check (state in ('HELD', 'COMMITTED', 'RELEASED', 'EXPIRED')),
         lines jsonb not null,
         created_at timestamptz not null,
         expires_at timestamptz not null,
         decided_at timestamptz
       )`,
      `create index reservations_held on reservations (expires_at) where state = 'HELD'`,
      `create table holds (
         book_id text not null references stock,
         reservation_id text not null references reservations,
         quantity integer not null check (quantity > 0),
         expires_at timestamptz not null,
         primary key (book_id, reservation_id)
       )`,
      `create index holds_of_reservation on holds (reservation_id)`,
      `create index holds_by_expiry on holds (expires_at)`,
    ],
  },
];
