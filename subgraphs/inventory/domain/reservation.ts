/**
 * A reservation and its life: HELD, then COMMITTED, RELEASED or EXPIRED; a COMMITTED one may still be RELEASED (its copies
 * return). Time is a parameter: a hold is over at its `expiresAt`, whether or not anything has noticed yet.
 */

export const DEFAULT_TTL_SECONDS = 900;

export interface Line {
  readonly bookId: string;
  readonly quantity: number;
}

interface ReservationFacts {
  readonly id: string;
  /** Sorted by book, each book once. */
  readonly lines: readonly Line[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export type Reservation = ReservationFacts &
  (
    | { readonly state: 'HELD' }
    | { readonly state: 'COMMITTED'; readonly decidedAt: Date }
    | { readonly state: 'RELEASED'; readonly decidedAt: Date }
    | { readonly state: 'EXPIRED' }
  );

/** A book stands in more than one line. */
export class RepeatedBook extends Error {
  override readonly name = 'RepeatedBook';
  /** Position of the second line. */
  readonly index: number;

  constructor(bookId: string, index: number) {
    super(`"${bookId}" is in an earlier line`);
    this.index = index;
  }
}

/** A reservation with this id has other lines. */
export class ReservationDiffers extends Error {
  override readonly name = 'ReservationDiffers';
}

/** Too late to commit. */
export class ReservationOver extends Error {
  override readonly name = 'ReservationOver';
  readonly state: 'RELEASED' | 'EXPIRED';

  constructor(state: 'RELEASED' | 'EXPIRED') {
    super(state === 'EXPIRED' ? 'The reservation has expired' : 'The reservation was released');
    this.state = state;
  }
}

/** A new hold. Lines are put in the order of their books, so that equal reservations are equal. */
export function holdReservation(options: {
  readonly id: string;
  readonly lines: readonly Line[];
  readonly now: Date;
  readonly ttlSeconds?: number;
}): Reservation {
  const { id, lines, now, ttlSeconds = DEFAULT_TTL_SECONDS } = options;
  const repeated = lines.findIndex((line, index) => lines.findIndex(({ bookId }) => bookId === line.bookId) < index);
  if (repeated >= 0) throw new RepeatedBook(lines[repeated]!.bookId, repeated);
  return {
    id,
    lines: lines.map(({ bookId, quantity }) => ({ bookId, quantity })).toSorted(byBook),
    createdAt: now,
    expiresAt: new Date(now.getTime() + ttlSeconds * 1000),
    state: 'HELD',
  };
}

const byBook = (a: Line, b: Line): number => (a.bookId < b.bookId ? -1 : a.bookId > b.bookId ? 1 : 0);

/** The reservation as it is at a moment: a hold whose time is over has expired. */
export const atMoment = (reservation: Reservation, now: Date): Reservation =>
  reservation.state === 'HELD' && reservation.expiresAt <= now ? expire(reservation) : reservation;

const expire = ({ id, lines, createdAt, expiresAt }: Reservation): Reservation => ({
  id,
  lines,
  createdAt,
  expiresAt,
  state: 'EXPIRED',
});

/** Throws unless both hold the same copies. */
export function checkSameLines(existing: Reservation, wanted: Reservation): void {
  const isSame =
    existing.lines.length === wanted.lines.length &&
    existing.lines.every(({ bookId, quantity }, index) => {
      const line = wanted.lines[index];
      return line?.bookId === bookId && line.quantity === quantity;
    });
  if (!isSame) throw new ReservationDiffers(`Reservation "${existing.id}" was made with other lines`);
}

/** What a decision makes of a reservation, and what it does to the copies. */
export interface Decision {
  readonly reservation: Reservation;
  readonly copies: 'stay' | 'freed' | 'taken' | 'returned';
}

/** Takes the copies; deciding again changes nothing. Throws when it is too late. */
export function commit(reservation: Reservation, now: Date): Decision {
  const current = atMoment(reservation, now);
  switch (current.state) {
    case 'HELD':
      return { reservation: { ...current, state: 'COMMITTED', decidedAt: now }, copies: 'taken' };
    case 'COMMITTED':
      return { reservation: current, copies: 'stay' };
    case 'RELEASED':
    case 'EXPIRED':
      throw new ReservationOver(current.state);
  }
}

/** Lets the copies go; deciding again changes nothing. */
export function release(reservation: Reservation, now: Date): Decision {
  const current = atMoment(reservation, now);
  switch (current.state) {
    case 'HELD':
      return { reservation: { ...current, state: 'RELEASED', decidedAt: now }, copies: 'freed' };
    case 'COMMITTED':
      return { reservation: { ...current, state: 'RELEASED', decidedAt: now }, copies: 'returned' };
    case 'RELEASED':
    case 'EXPIRED':
      return { reservation: current, copies: 'stay' };
  }
}
