/** Where the contracts are: `schema/services` under the package root. The code runs from its sources and from `dist/`. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the package, by its path from the package root. */
export function findPackageFile(path: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`Cannot find the package root above the code, needed for "${path}"`);
    folder = parent;
  }
  return join(folder, path);
}

/** The OpenAPI document of a service. */
export const findContract = (service: string): string => findPackageFile(`schema/services/${service}.openapi.yaml`);
