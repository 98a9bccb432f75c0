/** Reads the schema files that the settings name. Every file that cannot be read is reported, not the first alone. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { describeError } from '../errors/catalogue.ts';
import { FaultsError, type Fault } from '../errors/fault.ts';

/** A subgraph as it was declared. Without `url` its schema is answered by connectors. */
export interface SubgraphSource {
  readonly name: string;
  /** As shown in messages: relative to the working directory. */
  readonly file: string;
  readonly sdl: string;
  readonly url: string | undefined;
}

export interface SubgraphLocation {
  readonly name: string;
  readonly schema: string;
  readonly url: string | undefined;
}

/** Throws FaultsError when a file cannot be read. */
export function readSubgraphs(locations: readonly SubgraphLocation[]): SubgraphSource[] {
  const faults: Fault[] = [];
  const sources: SubgraphSource[] = [];
  for (const { name, schema, url } of locations) {
    const file = relative(process.cwd(), schema) || schema;
    const sdl = readText(schema);
    if (sdl === undefined) {
      const message = describeError('COMPOSITION_SCHEMA_NOT_FOUND', { subgraph: name, file });
      faults.push({ code: 'COMPOSITION_SCHEMA_NOT_FOUND', severity: 'error', message });
    } else sources.push({ name, file, sdl, url });
  }
  if (faults.length > 0) throw new FaultsError(faults);
  return sources;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
