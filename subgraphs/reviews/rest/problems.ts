/** What the domain refuses, as problem documents; and who the reader is. */
import { ProblemError, type FieldProblem } from '../../chassis/problem.ts';
import { InvalidReview, NotYourReview } from '../domain/review.ts';

/** Runs `work`; an error of the domain becomes a problem, any other stays what it is. */
export async function withProblems<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toProblem(error) ?? error;
  }
}

function toProblem(error: unknown): ProblemError | undefined {
  if (error instanceof NotYourReview) {
    return new ProblemError(403, 'not-your-review', 'Not your review', { detail: error.message });
  }
  if (error instanceof InvalidReview) {
    const errors = error.faults.map(({ field, detail }): FieldProblem =>
      field === 'reader' ? { header: 'x-reader', detail } : { pointer: `/${field}`, detail },
    );
    return new ProblemError(422, 'validation', 'Invalid input', { detail: 'The review breaks its rules', errors });
  }
  return undefined;
}

/** The reader who asks. Throws 401 when nobody says who that is. */
export function readReader(headers: Readonly<Record<string, string | undefined>>): string {
  const reader = decodeHeader(headers['x-reader'] ?? '').trim();
  if (reader !== '') return reader;
  throw new ProblemError(401, 'reader-required', 'Reader required', {
    detail: 'Say who the reader is, with the header X-Reader',
    headers: { 'www-authenticate': 'Reader' },
  });
}

/** Node reads header bytes as Latin-1; most clients send UTF-8. What is not UTF-8 is taken as it was read. */
function decodeHeader(value: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}
