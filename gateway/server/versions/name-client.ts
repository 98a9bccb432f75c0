/** The name of a client, as it gives it: a header of its own, else the product at the head of its User-Agent. */
import type { FacadeRequest } from '../../facade/index.ts';

const LONGEST_NAME = 64;

const textOf = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0];

/** Printable and short: it becomes a label of a metric. Credentials are never looked at. */
export function nameClient(headers: FacadeRequest['headers'], clientHeader: string): string {
  const given = textOf(headers[clientHeader])?.trim();
  const product = /^[^\s/(;]+/.exec(textOf(headers['user-agent'])?.trim() ?? '')?.[0];
  const name = (given === undefined || given === '' ? product : given) ?? 'unknown';
  return name.replaceAll(/[^\x21-\x27\x2a-\x7e]+/g, ' ').slice(0, LONGEST_NAME);
}
