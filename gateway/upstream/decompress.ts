/**
 * Content-Encoding undone with a cap on what comes out. undici's own interceptor knows no cap, and its `fetch` turns a
 * truncated gzip into an empty success (upstream.md, section 15).
 */
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib';

export type DecompressFault = 'truncated' | 'too-large' | 'corrupt' | 'unknown-encoding';

export class DecompressError extends Error {
  override readonly name = 'DecompressError';
  readonly fault: DecompressFault;

  constructor(fault: DecompressFault, options?: ErrorOptions) {
    super(fault, options);
    this.fault = fault;
  }
}

type Decompress = (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>;

const unzip: Decompress = promisify<Buffer, ZlibOptions, Buffer>(gunzip);
const inflateWrapped: Decompress = promisify<Buffer, ZlibOptions, Buffer>(inflate);
const inflateBare: Decompress = promisify<Buffer, ZlibOptions, Buffer>(inflateRaw);
const unbrotli: Decompress = (bytes, { maxOutputLength }) =>
  promisify(brotliDecompress)(bytes, maxOutputLength === undefined ? {} : { maxOutputLength });

const decompressors: Readonly<Record<string, Decompress>> = {
  gzip: unzip,
  'x-gzip': unzip,
  br: unbrotli,
  // RFC 9110 means zlib by "deflate"; some servers send the bare stream. The first byte of zlib ends in 1000.
  deflate: (bytes, options) => ((bytes[0] ?? 0) % 16 === 8 ? inflateWrapped : inflateBare)(bytes, options),
};

function faultOf(error: unknown): DecompressFault {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_BUFFER_TOO_LARGE') return 'too-large';
  return code === 'Z_BUF_ERROR' ? 'truncated' : 'corrupt';
}

/** Undoes the encodings in the reverse order of the header; rejects with DecompressError. */
export async function decompress(bytes: Buffer, encodings: readonly string[], maxBytes: number): Promise<Buffer> {
  let decoded = bytes;
  for (const encoding of encodings.toReversed()) {
    if (encoding === 'identity') continue;
    const undo = Object.hasOwn(decompressors, encoding) ? decompressors[encoding] : undefined;
    if (undo === undefined) throw new DecompressError('unknown-encoding');
    try {
      decoded = await undo(decoded, { maxOutputLength: maxBytes });
    } catch (error) {
      throw new DecompressError(faultOf(error), { cause: error });
    }
  }
  return decoded;
}
