import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  atMoment,
  checkSameLines,
  commit,
  holdReservation,
  release,
  ReservationDiffers,
  ReservationOver,
  type Reservation,
} from '../../../../subgraphs/inventory/domain/reservation.ts';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
const hold = (ttlSeconds = 60): Reservation =>
  holdReservation({ id: 'r', lines: [{ bookId: 'emma', quantity: 2 }], now: at(0), ttlSeconds });

describe('Reservation', () => {
  test('holdReservation holds for 15 minutes when nothing is said', () => {
    const reservation = holdReservation({ id: 'r', lines: [{ bookId: 'emma', quantity: 1 }], now: at(0) });
    expect(reservation.expiresAt).toEqual(at(900));
  });

  test('holdReservation refuses a book that stands in two lines and points at the second', () => {
    const lines = ['emma', 'faust', 'emma'].map((bookId) => ({ bookId, quantity: 1 }));
    expect(() => holdReservation({ id: 'r', lines, now: at(0) })).toThrow(
      expect.objectContaining({ name: 'RepeatedBook', index: 2 }),
    );
  });

  test('a hold is over at the very moment it expires', () => {
    expect(atMoment(hold(60), at(59.999)).state).toBe('HELD');
    expect(atMoment(hold(60), at(60)).state).toBe('EXPIRED');
  });

  test('commit takes the copies once, whatever the time of the second call', () => {
    const first = commit(hold(), at(1));
    expect(first).toMatchObject({ copies: 'taken', reservation: { state: 'COMMITTED', decidedAt: at(1) } });
    expect(commit(first.reservation, at(9_999))).toEqual({ copies: 'stay', reservation: first.reservation });
  });

  test('commit refuses what was released and what has expired', () => {
    expect(() => commit(release(hold(), at(1)).reservation, at(2))).toThrow(ReservationOver);
    expect(() => commit(hold(60), at(60))).toThrow(expect.objectContaining({ state: 'EXPIRED' }));
  });

  test('release frees held copies, returns committed ones, and does neither twice', () => {
    const freed = release(hold(), at(1));
    expect(freed.copies).toBe('freed');
    const returned = release(commit(hold(), at(1)).reservation, at(9_999));
    expect(returned.copies).toBe('returned');
    for (const { reservation } of [freed, returned]) {
      expect(release(reservation, at(10_000))).toEqual({ copies: 'stay', reservation });
    }
  });

  test('the order of lines does not make a difference, a quantity does', () => {
    const make = (...lines: [string, number][]): Reservation =>
      holdReservation({ id: 'r', now: at(0), lines: lines.map(([bookId, quantity]) => ({ bookId, quantity })) });
    expect(() => checkSameLines(make(['a', 1], ['b', 2]), make(['b', 2], ['a', 1]))).not.toThrow();
    expect(() => checkSameLines(make(['a', 1]), make(['a', 2]))).toThrow(ReservationDiffers);
    expect(() => checkSameLines(make(['a', 1]), make(['a', 1], ['b', 1]))).toThrow(ReservationDiffers);
  });

  test('whatever is asked and when, copies are taken at most once, given back at most once, and never back before', () => {
    const step = fc.record({ isCommit: fc.boolean(), after: fc.integer({ min: 0, max: 40 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let [reservation, seconds] = [hold(60), 0];
        const moves: string[] = [];
        for (const { isCommit, after } of steps) {
          seconds += after;
          try {
            const decision = (isCommit ? commit : release)(reservation, at(seconds));
            reservation = decision.reservation;
            if (decision.copies !== 'stay') moves.push(decision.copies);
          } catch (error) {
            if (!(error instanceof ReservationOver)) throw error;
          }
        }
        expect([[], ['freed'], ['taken'], ['taken', 'returned']]).toContainEqual(moves);
      }),
    );
  });
});
