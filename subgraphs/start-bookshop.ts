/** Starts the five services, in one process, each with its own data, address and life. */
import { join } from 'node:path';
import { createAuthorsService } from './authors/service.ts';
import { createCatalogService } from './catalog/service.ts';
import type { Service } from './chassis/create-service.ts';
import type { Storage } from './chassis/database.ts';
import { prepareTemplate } from './chassis/pglite-database.ts';
import { createInventoryService } from './inventory/service.ts';
import { createOrdersService } from './orders/service.ts';
import { createReviewsService } from './reviews/service.ts';

export const serviceNames = ['catalog', 'authors', 'reviews', 'inventory', 'orders'] as const;
export type ServiceName = (typeof serviceNames)[number];

export const defaultPorts: Readonly<Record<ServiceName, number>> = {
  catalog: 4001,
  authors: 4002,
  reviews: 4003,
  inventory: 4004,
  orders: 4005,
};

export interface CreateBookshopServiceOptions {
  readonly storage: Storage;
  readonly isSeeded: boolean;
  /** Where orders finds the services it works with. */
  readonly catalogUrl: string;
  readonly inventoryUrl: string;
  readonly onError?: (error: unknown, requestId: string) => void;
  readonly isCheckingAnswers?: boolean;
}

export function createBookshopService(name: ServiceName, options: CreateBookshopServiceOptions): Promise<Service> {
  const { catalogUrl, inventoryUrl, ...common } = options;
  switch (name) {
    case 'catalog':
      return createCatalogService(common);
    case 'authors':
      return createAuthorsService(common);
    case 'reviews':
      return createReviewsService(common);
    case 'inventory':
      return createInventoryService(common);
    case 'orders':
      return createOrdersService({ ...common, services: { catalogUrl, inventoryUrl } });
  }
}

/** Where a service keeps its data: a server when a URL is given (for all, or for one), else a folder, else nowhere. */
export function chooseStorage(
  name: ServiceName,
  options: { readonly env: Readonly<Record<string, string | undefined>>; readonly folder: string | undefined },
): Storage {
  const url = options.env[`${name.toUpperCase()}_DATABASE_URL`] ?? options.env['DATABASE_URL'];
  if (url !== undefined && url !== '') return { kind: 'postgres', url };
  if (options.folder === undefined) return { kind: 'ephemeral' };
  return { kind: 'folder', folder: join(options.folder, name) };
}

export interface StartBookshopOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder for the data of all services; undefined keeps nothing. */
  readonly folder: string | undefined;
  readonly host: string;
  readonly ports: Readonly<Record<ServiceName, number>>;
  readonly onError?: (error: unknown, requestId: string) => void;
}

export interface Bookshop {
  readonly urls: Readonly<Record<ServiceName, string>>;
  close(): Promise<void>;
}

/** Rejects when a port is taken or a database cannot be opened; what had started is stopped again. */
export async function startBookshop(options: StartBookshopOptions): Promise<Bookshop> {
  const { env, folder, host, ports, onError } = options;
  const started: Service[] = [];
  const close = async () => void (await Promise.allSettled(started.map((service) => service.close())));
  const start = async (name: ServiceName, urls: { catalogUrl: string; inventoryUrl: string }): Promise<string> => {
    const storage = chooseStorage(name, { env, folder });
    const report = onError === undefined ? {} : { onError };
    const service = await createBookshopService(name, { storage, isSeeded: true, ...urls, ...report });
    started.push(service);
    return service.listen({ host, port: ports[name] });
  };
  try {
    await prepareTemplate();
    const none = { catalogUrl: '', inventoryUrl: '' };
    const [catalog, authors, reviews, inventory] = await allOrNone([
      start('catalog', none),
      start('authors', none),
      start('reviews', none),
      start('inventory', none),
    ]);
    const orders = await start('orders', { catalogUrl: catalog, inventoryUrl: inventory });
    return { urls: { catalog, authors, reviews, inventory, orders }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Like Promise.all, but rejects only when every start has ended: what is still starting could not be stopped. */
async function allOrNone<Starts extends readonly unknown[] | []>(
  starts: Starts,
): Promise<{ -readonly [Index in keyof Starts]: Awaited<Starts[Index]> }> {
  await Promise.allSettled(starts);
  return Promise.all(starts);
}
