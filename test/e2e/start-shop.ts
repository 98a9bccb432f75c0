/** The bookshop the browser tests run against; they need no more than these four. */
import { startTestShop, type ServiceName } from '../bookshop.ts';

export interface Shop {
  readonly url: string;
  stopService(name: ServiceName): Promise<void>;
  startService(name: ServiceName): Promise<void>;
  close(): Promise<void>;
}

export const startShop = (): Promise<Shop> => startTestShop();
