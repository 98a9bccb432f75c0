/** The id of a request: its own header where that is fit for logs and headers, else a new one. */
import { randomUUID } from 'node:crypto';

export const readRequestId = (header: unknown): string =>
  typeof header === 'string' && /^[\w.:-]{1,128}$/.test(header) ? header : randomUUID();
