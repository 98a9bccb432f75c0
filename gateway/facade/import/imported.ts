/** What goes into an importer and what comes out of it. */
import type { Fault, Range } from '../../errors/fault.ts';

export interface SourceDocument {
  /** As shown in messages. */
  readonly file: string;
  readonly text: string;
}

export interface Imported {
  /** With the base names they are written under. */
  readonly documents: readonly SourceDocument[];
  /** What has no counterpart here, each at its place. */
  readonly warnings: readonly Fault[];
}

export type Importer = (documents: readonly SourceDocument[]) => Imported;

/** A warning about a place in a document that is imported. */
export const warn = (message: string, range: Range | undefined): Fault => ({
  code: 'IMPORT_INCOMPLETE',
  severity: 'warning',
  message,
  ...(range ? { range } : {}),
});
