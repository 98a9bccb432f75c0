/**
 * The certificates of one service (upstream.md, section 2): read from files, and again when they were changed, so that they are
 * rotated without a restart. Looked at for each new connection, so nothing watches and nothing has to be ended.
 */
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { UpstreamSettings } from './settings.ts';

type TlsSettings = UpstreamSettings['transport']['tls'];

/** How the files were found to be: usable, or not, and then those before stay in use. */
export type TlsFilesChange = { readonly isUsable: true } | { readonly isUsable: false; readonly reason: string };

export interface TlsFilesOptions {
  readonly settings: TlsSettings;
  /** Hears of each change, not of the first reading that succeeds. */
  readonly onChange: (change: TlsFilesChange) => void;
}

/** Rejects with TlsFilesError while there was never anything usable in the files. */
export type ReadTlsFiles = () => Promise<SecureContext>;

/** The code is one of those of certificates: a moment later the files will be as wrong. */
export class TlsFilesError extends Error {
  override readonly name = 'TlsFilesError';
  readonly code = 'ERR_TLS_CERT_FILES';
}

/** Is there anything to be read? */
export const hasTlsFiles = ({ ca, cert, key }: TlsSettings): boolean => ca !== null || cert !== null || key !== null;

/** One reading serves all connections that are opened meanwhile. */
export function createTlsFiles({ settings, onChange }: TlsFilesOptions): ReadTlsFiles {
  const files = [settings.ca, settings.cert, settings.key].filter((file) => file !== null);
  let seen: string | undefined;
  let usable: SecureContext | undefined;
  let failure: unknown;
  let reading: Promise<SecureContext> | undefined;

  const readChanged = async (): Promise<void> => {
    const stamp = await stampOf(files);
    if (stamp === seen) return;
    const isFirst = seen === undefined;
    seen = stamp;
    try {
      usable = await readContext(settings);
      failure = undefined;
      if (!isFirst) onChange({ isUsable: true });
    } catch (error) {
      failure = error;
      onChange({ isUsable: false, reason: codeOf(error) });
    }
  };
  const read = async (): Promise<SecureContext> => {
    await readChanged();
    // Files of a rotation change one after the other, so for a moment they may not fit each other.
    if (usable === undefined) throw new TlsFilesError('Certificate files cannot be used', { cause: failure });
    return usable;
  };
  return () => (reading ??= read().finally(() => (reading = undefined)));
}

/** Says nothing of the content, and changes with it; a file that is replaced is another one. */
async function stampOf(files: readonly string[]): Promise<string> {
  const stamps = files.map(async (file) => {
    try {
      const { ino, size, mtimeNs } = await stat(file, { bigint: true });
      return `${ino} ${size} ${mtimeNs}`;
    } catch (error) {
      return codeOf(error);
    }
  });
  return (await Promise.all(stamps)).join();
}

async function readContext({ ca, cert, key }: TlsSettings): Promise<SecureContext> {
  const contentOf = async (file: string | null) => (file === null ? undefined : await readFile(file));
  const [caPem, certPem, keyPem] = await Promise.all([contentOf(ca), contentOf(cert), contentOf(key)]);
  return createSecureContext({
    ...(caPem === undefined ? {} : { ca: caPem }),
    ...(certPem === undefined ? {} : { cert: certPem }),
    ...(keyPem === undefined ? {} : { key: keyPem }),
  });
}

/** Of the system or of OpenSSL; their messages may hold paths, and a code says enough. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unreadable';
}
