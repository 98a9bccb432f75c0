/** An answer in columns, so that it comes back with the very status, headers and bytes. */
import type { FacadeResponse } from '../../facade/index.ts';

/** Headers are text, not jsonb: jsonb would change their order. */
export interface AnswerColumns {
  readonly status: number;
  readonly headers: string;
  readonly body: Uint8Array | null;
}

export const toColumns = ({ status, headers, body }: FacadeResponse): AnswerColumns => ({
  status,
  headers: JSON.stringify(headers),
  body: body === undefined ? null : typeof body === 'string' ? Buffer.from(body) : body,
});

export const toAnswer = ({ status, headers, body }: AnswerColumns): FacadeResponse => ({
  status,
  headers: JSON.parse(headers) as FacadeResponse['headers'],
  body: body === null ? undefined : new Uint8Array(body),
});
