/** What the domain refuses, as problem documents. */
import { ProblemError, invalidInput } from '../../chassis/problem.ts';
import { RepeatedBook, ReservationDiffers, ReservationOver } from '../domain/reservation.ts';
import { BelowReserved, OutOfStock } from '../domain/stock.ts';

/** Runs `work`; an error of the domain becomes a problem, any other stays what it is. */
export async function withProblems<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toProblem(error) ?? error;
  }
}

function toProblem(error: unknown): ProblemError | undefined {
  if (error instanceof OutOfStock) {
    const { bookId, available, requested, message } = error;
    return new ProblemError(409, 'out-of-stock', 'Out of stock', {
      detail: message,
      extensions: { bookId, available, requested },
    });
  }
  if (error instanceof BelowReserved) {
    const { bookId, reserved } = error.stock;
    return new ProblemError(409, 'below-reserved', 'Copies are reserved', {
      detail: error.message,
      extensions: { bookId, reserved },
    });
  }
  if (error instanceof ReservationDiffers) {
    return new ProblemError(409, 'reservation-differs', 'Another reservation has this id', { detail: error.message });
  }
  if (error instanceof ReservationOver) {
    return new ProblemError(409, 'reservation-over', 'The reservation is over', {
      detail: error.message,
      extensions: { state: error.state },
    });
  }
  if (error instanceof RepeatedBook) {
    return invalidInput([{ pointer: `/lines/${error.index}/bookId`, detail: error.message }]);
  }
  return undefined;
}
