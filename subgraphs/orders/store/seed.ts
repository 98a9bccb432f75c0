/** Orders start empty; only the list of customers on hold has an entry, so that the rule can be seen at work. */
import type { Database } from '../../chassis/database.ts';

export async function seedCustomersOnHold(database: Database): Promise<void> {
  await database.query(`insert into customers_on_hold (customer) values ('customer-on-hold') on conflict do nothing`);
}
