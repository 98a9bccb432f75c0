/**
 * The tables of the orders. `step` is what still has to be done at another service: an order with a step whose lease is
 * over was left behind by a process that died, and recovery takes it up.
 */
import type { Migration } from '../../chassis/migrate.ts';

export const migrations: readonly Migration[] = [
  {
    id: '001-orders',
    statements: [
      `create table orders (
         id text primary key,
         customer text not null,
         status text not null check (status in ('OPEN', 'CONFIRMED', 'SHIPPED', 'CANCELLED', 'REFUSED')),
         lines jsonb not null,
         currency text not null,
         total_cents bigint not null,
         placed_at timestamptz not null,
         ended_at timestamptz,
         refusal jsonb,
         authorization_id text,
         version integer not null,
         step text check (step in ('reserve', 'commit', 'release')),
         lease_until timestamptz
       )`,
      `create index orders_of_customer on orders (customer, placed_at desc, id desc)`,
      `create index orders_with_a_step on orders (lease_until) where step is not null`,
      `create table authorizations (
         id text primary key,
         customer text not null,
         amount_cents bigint not null,
         currency text not null,
         order_id text,
         decision text not null check (decision in ('GRANTED', 'REFUSED')),
         reasons jsonb not null,
         history jsonb not null,
         decided_at timestamptz not null
       )`,
      `create table customers_on_hold (customer text primary key)`,
      `create table idempotency_keys (
         key text primary key,
         fingerprint text not null,
         order_id text not null,
         outcome jsonb,
         started_at timestamptz not null,
         lease_until timestamptz not null
       )`,
      `create index idempotency_keys_by_age on idempotency_keys (started_at)`,
    ],
  },
  {
    id: '002-sales-reports',
    statements: [
      `create table sales_reports (
         id text primary key,
         from_at timestamptz not null,
         until_at timestamptz not null,
         status text not null check (status in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED')),
         progress integer not null,
         sales jsonb,
         asked_at timestamptz not null
       )`,
      `create index orders_by_time on orders (placed_at, id)`,
    ],
  },
];
