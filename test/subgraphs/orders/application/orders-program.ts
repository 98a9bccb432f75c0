/** The orders as a process of their own, so that a test can kill it: folder, catalog and inventory as arguments. */
import { createOrdersService } from '../../../../subgraphs/orders/service.ts';

const [folder, catalogUrl, inventoryUrl] = process.argv.slice(2) as [string, string, string];
const service = await createOrdersService({
  storage: { kind: 'folder', folder },
  isSeeded: false,
  services: { catalogUrl, inventoryUrl },
});
console.log(await service.listen({ port: 0 }));
