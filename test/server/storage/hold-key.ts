/** A gateway that takes a key in a folder, begins its write, and never ends it: to be killed by a test. */
import { openStorage } from '../../../gateway/server/storage/open-storage.ts';
import { openShop } from '../../facade/bookshop.ts';

const [, , folder = '', operation = '', body = ''] = process.argv;
const storage = openStorage({ kind: 'pglite', folder });
const shop = openShop({
  idempotencyStore: storage.keys,
  execute: () => {
    process.stdout.write('writing\n');
    return new Promise(() => {});
  },
});
setInterval(() => {}, 60_000);
await shop.send(operation, {
  method: 'POST',
  headers: { 'idempotency-key': 'k' },
  body: JSON.parse(body) as unknown,
});
