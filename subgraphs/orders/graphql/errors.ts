/** Errors of use cases, as GraphQL errors with the codes of the product's catalogue. */
import { GraphQLError } from 'graphql';
import { ProblemError } from '../../chassis/problem.ts';
import { KeyInUse, KeyReused } from '../application/orders.ts';
import { PlacingInterrupted } from '../application/placement.ts';
import { InvalidOrder, type InputFault } from '../domain/order-input.ts';
import { InvalidPeriod } from '../domain/sales-report.ts';
import { OrderTakenOver } from '../store/orders-store.ts';

export const badInput = (message: string, errors: readonly InputFault[]): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', errors } });

/** Runs `work`; its known errors become GraphQL errors. `pointer` says where in the arguments the input stands. */
export async function withGraphQLErrors<T>(pointer: string, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toGraphQLError(error, pointer) ?? error;
  }
}

function toGraphQLError(error: unknown, pointer: string): GraphQLError | undefined {
  if (error instanceof InvalidOrder || error instanceof InvalidPeriod) {
    const faults = error.faults.map((fault) => ({ ...fault, pointer: pointer + fault.pointer }));
    return badInput(error.message, faults);
  }
  if (error instanceof KeyReused) {
    return badInput(error.message, [{ pointer: '/idempotencyKey', detail: error.message }]);
  }
  if (error instanceof KeyInUse) {
    const extensions = { code: 'CONFLICT', retryable: true, retryAfterMs: 1_000 };
    return new GraphQLError(error.message, { extensions });
  }
  if (error instanceof PlacingInterrupted || error instanceof OrderTakenOver) {
    const extensions = { code: 'OVERLOADED', retryable: true, retryAfterMs: 1_000 };
    return new GraphQLError('Placing the order was interrupted: try it again', { extensions });
  }
  // The one problem of the chassis that reaches here: a cursor that was not made for the list.
  if (error instanceof ProblemError) {
    return badInput(error.options.detail ?? error.title, [{ pointer: '/after', detail: error.title }]);
  }
  return undefined;
}
