/** What orders asks the catalog: the prices of some books. Reads only the members it needs. */
import type { CallUpstream, JsonValue } from 'tributary-gateway/upstream';
import { readAmount, type Cents } from '../domain/money.ts';
import { jsonOf, member, ServiceClient, type Call } from './call-service.ts';

export interface BookPrice {
  readonly amount: Cents;
  readonly currency: string;
}

export class CatalogClient {
  readonly #service: ServiceClient;

  constructor(baseUrl: string, callUpstream: CallUpstream) {
    this.#service = new ServiceClient('catalog', baseUrl, callUpstream);
  }

  /** Prices by book; a book that is not in the catalog is left out. */
  async readPrices(bookIds: readonly string[], call: Call): Promise<ReadonlyMap<string, BookPrice>> {
    const response = await this.#service.get(`/v2/books?ids=${bookIds.map(encodeURIComponent).join(',')}`, call);
    const items = member(jsonOf(response), 'items');
    if (response.status !== 200 || !Array.isArray(items)) throw this.#service.failure(response);
    return new Map(
      items.map((item) => {
        const entry = readEntry(item);
        if (entry === undefined) throw this.#service.failure(response);
        return entry;
      }),
    );
  }
}

function readEntry(item: JsonValue): readonly [string, BookPrice] | undefined {
  const [id, price] = [member(item, 'id'), member(item, 'price')];
  const [text, currency] = [member(price, 'amount'), member(price, 'currency')];
  const amount = typeof text === 'string' ? readAmount(text) : undefined;
  if (typeof id !== 'string' || typeof currency !== 'string' || amount === undefined) return undefined;
  return [id, { amount, currency }];
}
