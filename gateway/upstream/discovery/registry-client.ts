/**
 * HTTP to a registry: JSON in one answer, or JSON values that keep coming. Not the pipeline of calls: a registry is asked by
 * nobody's request, its answers may take a minute, and its loss is repaired by its own waits.
 */
import { readFile } from 'node:fs/promises';
import { Agent, request, type Dispatcher } from 'undici';

export interface RegistryRequest {
  readonly url: string;
  readonly method?: Dispatcher.HttpMethod;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal: AbortSignal;
  /** For all of the answer, or for all of the stream. */
  readonly timeoutMs: number;
}

export interface RegistryAnswer {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly value: unknown;
}

/** A status that is no success; never with the body, which may hold secrets. */
export class RegistryStatusError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`The registry answered with status ${status}`);
    this.name = 'RegistryStatusError';
    this.status = status;
  }
}

const maxAnswerBytes = 64 * 1024 * 1024;

/** Paths of PEM files, for a registry that is reached by https. */
export interface RegistryTlsFiles {
  /** The authority that signed the registry's certificate; left out, those that Node trusts. */
  readonly caFile?: string | undefined;
  /** The certificate shown to a registry that asks for one, and its key. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

export type RegistryClient = Awaited<ReturnType<typeof openRegistryClient>>;

/** Reads the files anew for each client, so that certificates are rotated without a restart. Rejects when one cannot be read. */
export async function openRegistryClient({ caFile, certFile, keyFile }: RegistryTlsFiles = {}) {
  const read = async (file: string | undefined) => (file === undefined ? undefined : readFile(file, 'utf8'));
  const [ca, cert, key] = await Promise.all([read(caFile), read(certFile), read(keyFile)]);
  const agent = new Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: {
      timeout: 2_000,
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    },
  });

  const send = async (options: RegistryRequest, signal: AbortSignal) => {
    const { url, method = 'GET', headers = {}, body } = options;
    const response = await request(url, {
      dispatcher: agent,
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal,
    });
    if (response.statusCode >= 200 && response.statusCode < 300) return response;
    await response.body.dump();
    throw new RegistryStatusError(response.statusCode);
  };

  return {
    async json(options: RegistryRequest): Promise<RegistryAnswer> {
      const limit = limitTime(options);
      try {
        const { headers, body } = await send(options, limit.signal);
        const chunks: Buffer[] = [];
        for await (const chunk of limitSize(body)) chunks.push(chunk);
        const text = Buffer.concat(chunks).toString('utf8');
        return { headers, value: text === '' ? undefined : (JSON.parse(text) as unknown) };
      } finally {
        limit.release();
      }
    },

    /** One JSON value a line; ends when the registry ends it. */
    async *lines(options: RegistryRequest): AsyncGenerator<unknown> {
      const limit = limitTime(options);
      try {
        const { body } = await send(options, limit.signal);
        const decoder = new TextDecoder();
        let rest = '';
        for await (const chunk of body as AsyncIterable<Buffer>) {
          const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
          rest = parts.pop()!;
          if (rest.length > maxAnswerBytes) throw new Error('The registry sent a line without end');
          for (const line of parts) if (line.trim() !== '') yield JSON.parse(line) as unknown;
        }
      } finally {
        limit.release();
      }
    },

    close: (): Promise<void> => agent.destroy(),
  };
}

/** A controller of its own for each request, as everywhere here: combined signals leak on Node 20 (section 15). */
function limitTime({ signal, timeoutMs }: RegistryRequest) {
  const controller = new AbortController();
  const abort = () => controller.abort(signal.reason);
  const timer = setTimeout(() => controller.abort(new Error(`The registry was silent for ${timeoutMs} ms`)), timeoutMs);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    release() {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      // Whatever is left of the answer is not wanted.
      controller.abort();
    },
  };
}

async function* limitSize(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxAnswerBytes) throw new Error('The answer of the registry is too large');
    yield chunk;
  }
}
