/** Reads a suite; what is wrong in it is reported with its place, as for the settings file. */
import { readYamlFile } from '../../config/read-yaml-file.ts';
import { suiteSchema, type Suite } from './suite-schema.ts';

/** Throws FaultsError with every fault found. */
export const readSuite = (path: string): Suite => readYamlFile(path, suiteSchema);
