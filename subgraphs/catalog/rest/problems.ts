/** What the domain refuses, as problem documents. */
import { invalidInput, ProblemError } from '../../chassis/problem.ts';
import { DuplicateIsbn, InvalidBook } from '../domain/book.ts';
import type { ApiVersion } from './version.ts';

/** Runs `work`; an error of the domain becomes a problem, any other stays what it is. */
export async function withProblems<T>(version: ApiVersion, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toProblem(version, error) ?? error;
  }
}

function toProblem(version: ApiVersion, error: unknown): ProblemError | undefined {
  if (error instanceof InvalidBook) {
    const errors = error.faults.map(({ field, detail }) => ({ pointer: version.pointers[field], detail }));
    return invalidInput(errors, 'The book breaks its rules');
  }
  if (error instanceof DuplicateIsbn) {
    return new ProblemError(409, 'duplicate-isbn', 'Another book has this ISBN', {
      detail: error.message,
      extensions: { existing: { id: error.existingId } },
    });
  }
  return undefined;
}
