/** What a walk over the pages of a service found. */
import type { Outcome } from '../failure.ts';
import type { ServicePage } from './page-source.ts';

/** The part of a page that belongs to what the client asked for. */
export interface PagePart {
  readonly page: ServicePage;
  /** Items from here ... */
  readonly from: number;
  /** ... to here, this one not. */
  readonly to: number;
  /** The cursor that stands behind an item of the page. */
  readonly cursorBehind: (index: number) => string;
}

export interface Walked {
  /** At least one: the first also gives what stands beside the items. */
  readonly parts: readonly PagePart[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
  /** Where to go on when that is not behind the last item. */
  readonly resume?: string;
}

export type Walk = Promise<Outcome<Walked>>;
