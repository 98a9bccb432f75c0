/** Runs an operation of a route: whatever becomes of it is a result, and it never outlives its request. */
import type { FacadeOperation, FacadeResult } from './contract.ts';
import type { HandlerOptions } from './handler-options.ts';

const errorResult = (code: string, dispatched = true): FacadeResult => ({
  errors: [{ message: '', extensions: { code, dispatched } }],
});

/** Executes; a rejection becomes an internal error, and an aborted signal ends the wait. */
export async function runOperation(
  { execute, onFault }: Pick<HandlerOptions, 'execute' | 'onFault'>,
  operation: FacadeOperation,
): Promise<FacadeResult> {
  const { signal } = operation.request;
  if (signal.aborted) return errorResult('DEADLINE_EXCEEDED', false);
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<FacadeResult>((resolve) => {
    onAbort = () => resolve(errorResult('DEADLINE_EXCEEDED'));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([execute(operation), aborted]);
  } catch (error) {
    onFault(error, operation.request.requestId);
    return errorResult('INTERNAL_SERVER_ERROR');
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}
