/** The answers of levels 0 and 1 (facade.md 4.2): always 200, and whether it went well is said in the body. */
import type { FacadeResponse, Json } from '../contract.ts';

const answer = (body: Json): FacadeResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(body),
});

/** The answer of level 2, with its status, its headers and its links taken away. */
export function decideLevel({ status, body }: FacadeResponse): FacadeResponse {
  const value = body === undefined ? null : (JSON.parse(Buffer.from(body).toString('utf8')) as Json);
  return answer(status < 400 ? { ok: true, result: value } : { ok: false, error: value });
}

/** A call that leads nowhere. */
export const levelFault = (detail: string): FacadeResponse =>
  answer({ ok: false, error: { code: 'BAD_REQUEST', detail } });
