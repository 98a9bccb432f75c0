/** The reviews as a program: opens their database and wires contract, handlers and store. */
import { randomUUID } from 'node:crypto';
import { readContract } from '../chassis/contract.ts';
import { createService, type Service } from '../chassis/create-service.ts';
import { openDatabase, type Storage } from '../chassis/database.ts';
import { findContract } from '../chassis/find-contract.ts';
import { migrate } from '../chassis/migrate.ts';
import { buildHandlers } from './rest/handlers.ts';
import { migrations } from './store/migrations.ts';
import { ReviewsStore } from './store/reviews-store.ts';
import { seedReviews } from './store/seed.ts';

export interface ReviewsServiceOptions {
  readonly storage: Storage;
  /** Fill empty reviews with generated ones. */
  readonly isSeeded: boolean;
  readonly now?: () => Date;
  readonly newId?: () => string;
  readonly onError?: (error: unknown, requestId: string) => void;
  readonly isCheckingAnswers?: boolean;
}

/** Opens the reviews; they serve once `listen` is called. */
export async function createReviewsService(options: ReviewsServiceOptions): Promise<Service> {
  const { storage, isSeeded, now = () => new Date(), newId = randomUUID, onError, isCheckingAnswers = false } = options;
  const database = await openDatabase('reviews', storage);
  await migrate(database, migrations);
  if (isSeeded) await seedReviews(database);
  return createService({
    name: 'reviews',
    contract: readContract(findContract('reviews')),
    handlers: buildHandlers({ store: new ReviewsStore(database), now, newId }),
    checkReady: async () => {
      await database.query('select 1');
    },
    onClose: () => database.close(),
    isCheckingAnswers,
    ...(onError === undefined ? {} : { onError }),
  });
}
