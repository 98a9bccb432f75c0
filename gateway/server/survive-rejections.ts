/**
 * Keeps a program alive that must not end because of one query. graphql-js 16 leaves a rejection unhandled when one item of
 * a list fails at once while another is still pending and fails later; Node's default would end the process for it. Only
 * errors of an execution are taken; of any other the default holds.
 */
import type { GraphQLError } from 'graphql';

/** Gives what undoes it. The error belongs to an answer that has long told its client what failed. */
export function surviveRejections(report: (error: GraphQLError) => void): () => void {
  const listener = (error: unknown): void => {
    // By name: another copy of graphql may have made it.
    if (!(error instanceof Error && error.name === 'GraphQLError')) throw error;
    report(error as GraphQLError);
  };
  process.on('unhandledRejection', listener);
  return () => void process.off('unhandledRejection', listener);
}
