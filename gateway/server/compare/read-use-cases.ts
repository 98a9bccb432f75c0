/** Reads the use cases of a comparison: files, or the YAML files of folders in the order of their names. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { useCaseSchema, type UseCase } from '../../compare/use-case.ts';
import { readYamlFile } from '../../config/read-yaml-file.ts';
import { FaultsError } from '../../errors/fault.ts';

/** Throws FaultsError with the faults of all files. */
export function readUseCases(places: readonly string[]): UseCase[] {
  const faults = [];
  const sources = new Map<string, string>();
  const cases: UseCase[] = [];
  for (const file of places.flatMap(filesOf)) {
    try {
      cases.push(readYamlFile(file, useCaseSchema));
    } catch (error) {
      if (!(error instanceof FaultsError)) throw error;
      faults.push(...error.faults);
      for (const [name, text] of error.sources) sources.set(name, text);
    }
  }
  if (faults.length > 0) throw new FaultsError(faults, sources);
  return cases;
}

function filesOf(place: string): string[] {
  const isFolder = statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (!isFolder) return [place];
  return readdirSync(place)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(place, name));
}
