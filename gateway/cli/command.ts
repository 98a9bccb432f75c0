/** What a command gets and gives. Results go to `out`, everything else to `err`, so that output can be piped. */
import type { ExitCode } from './exit-codes.ts';

export interface CommandIo {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** `--json` prints one document of this shape on stdout. */
export interface CommandReport {
  readonly command: string;
  readonly ok: boolean;
  readonly exitCode: ExitCode;
  readonly data: unknown;
  readonly findings: readonly Finding[];
}

export interface Finding {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly suggestion?: string;
}
