/** What the handler and its routes work with; put together by `create-facade.ts`. */
import type { FacadeExecute } from './contract.ts';
import type { OwnPagesOptions } from './own-pages.ts';
import type { IdempotencyStore } from './response/idempotency-store.ts';
import type { Facts } from './response/route-request.ts';
import type { FieldSets } from './routes/field-set.ts';
import type { Versioning } from './routes/named-version.ts';
import type { RouteTable } from './routes/route-table.ts';

export interface HandlerOptions {
  readonly table: RouteTable;
  readonly pages: OwnPagesOptions;
  readonly execute: FacadeExecute;
  readonly ignoreParameters: readonly string[];
  readonly fieldSets: FieldSets;
  readonly idempotencyStore: IdempotencyStore;
  readonly now: () => Date;
  readonly versioning: Versioning;
  /** The middle of a media type that names a version. */
  readonly vendor: string;
  /** Told of what went wrong inside the facade or the execution: the client is not. */
  readonly onFault: (error: unknown, requestId: string) => void;
  readonly facts: Pick<Facts, 'basePath' | 'publicUrl' | 'validationStatus' | 'negativeTtl' | 'versionHeaders'>;
}
