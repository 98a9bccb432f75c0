/** What the domain refuses, as problem documents. */
import { invalidInput } from '../../chassis/problem.ts';
import { InvalidAuthor } from '../domain/author.ts';

/** Runs `work`; an error of the domain becomes a problem, any other stays what it is. */
export async function withProblems<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InvalidAuthor)) throw error;
    const errors = error.faults.map(({ field, detail }) => ({ pointer: `/${field}`, detail }));
    throw invalidInput(errors, 'The author breaks the rules');
  }
}
