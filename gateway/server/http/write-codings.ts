/** Encodes what Fastify is about to write. Streams are not taken: files have a plugin of their own (`pages.ts`). */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Answer } from './answer.ts';
import type { EncodeAnswer } from './content-coding.ts';

export function writeCodings(app: FastifyInstance, encode: EncodeAnswer): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const body = bodyOf(payload);
    if (body === undefined) return payload;
    const answer: Answer = { status: reply.statusCode, headers: headersOf(reply), body };
    const encoded = await encode(request.headers, answer);
    if (encoded === answer) return payload;
    for (const name of answer.headers.keys()) if (!encoded.headers.has(name)) reply.removeHeader(name);
    for (const [name, value] of encoded.headers) reply.header(name, value);
    return encoded.body.length === 0 ? payload : encoded.body;
  });
}

function bodyOf(payload: unknown): Buffer | undefined {
  if (payload === undefined || payload === null) return Buffer.alloc(0);
  if (typeof payload === 'string') return Buffer.from(payload);
  return Buffer.isBuffer(payload) ? payload : undefined;
}

/** Those that a coding looks at or changes. */
const READ = ['content-type', 'content-length', 'content-encoding', 'content-range', 'etag', 'vary'];

function headersOf(reply: FastifyReply): Map<string, string> {
  const values = READ.map((name) => [name, reply.getHeader(name)] as const);
  return new Map(values.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const])));
}
