/** Reads the facade's operation documents: every .graphql file below a folder, in order of name. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface OperationDocument {
  /** As shown in messages: relative to the working directory. */
  readonly file: string;
  readonly text: string;
}

export function readDocumentFiles(folder: string): OperationDocument[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => {
      const path = join(folder, name);
      return { file: relative(process.cwd(), path) || path, text: readFileSync(path, 'utf8') };
    });
}
