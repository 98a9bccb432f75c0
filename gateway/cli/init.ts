/**
 * `tributary init rest`: a first set of operation documents for the REST side, from a schema or from documents of another
 * product. The files belong to the author from then on: what is there already is only written over with `--force`.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { GraphQLSchema } from 'graphql';
import { loadSettings } from '../config/index.ts';
import { didYouMean } from '../errors/did-you-mean.ts';
import { FaultsError, formatFault, type Fault } from '../errors/fault.ts';
import { draftDocuments } from '../facade/drafts/draft-documents.ts';
import { importHasura } from '../facade/import/hasura.ts';
import { importHotChocolate } from '../facade/import/hot-chocolate.ts';
import type { Importer, SourceDocument } from '../facade/import/imported.ts';
import { importTailcall } from '../facade/import/tailcall.ts';
import { createFacade } from '../facade/index.ts';
import type { CommandIo } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { loadGraphOffline } from './load-graph-offline.ts';
import { readSchemaText } from './read-schema.ts';
import { printOutcome } from './report.ts';

export interface InitFlags {
  readonly config: string;
  readonly json?: boolean;
  readonly schema?: string;
  readonly from?: string;
  readonly out?: string;
  readonly force?: boolean;
}

const DEFAULT_FOLDER = 'rest';

const importers: ReadonlyMap<string, Importer> = new Map([
  ['hot-chocolate', importHotChocolate],
  ['tailcall', importTailcall],
  ['hasura', importHasura],
]);

/** What is to be written, and what has to be said about it. */
interface Written {
  readonly documents: readonly SourceDocument[];
  readonly notes: readonly string[];
  /** What of the documents does not fit, or has no counterpart. */
  readonly findings: readonly Fault[];
  readonly sources: readonly SourceDocument[];
}

export async function init(what: string, files: readonly string[], flags: InitFlags, io: CommandIo): Promise<ExitCode> {
  const mistake = findMistake(what, files, flags);
  if (mistake !== undefined) return refuse(mistake, io);
  const { documents, notes, findings, sources } =
    flags.from === undefined ? draft(flags, io) : importFiles(importers.get(flags.from)!, files, flags, io);
  const folder = flags.out ?? operationsFolder(flags, io) ?? DEFAULT_FOLDER;
  if (flags.out === undefined && flags.force !== true && hasDocuments(folder))
    return refuse(`"${folder}" has documents already: name a folder with --out, or add to it with --force`, io);
  const taken = flags.force === true ? [] : documents.filter(({ file }) => existsSync(join(folder, file)));
  if (taken.length > 0) {
    const names = taken.map(({ file }) => `"${join(folder, file)}"`).join(', ');
    return refuse(`Already there: ${names}. Write elsewhere with --out, or over them with --force`, io);
  }
  const written = documents.map((document) => writeDocument(folder, document));
  const texts = new Map(sources.map(({ file, text }) => [file, text]));
  for (const fault of findings) io.err(formatFault(fault, texts));
  for (const note of notes) io.err(`note ${note}`);
  const text = [...written, `Settings that serve them: facade.operations: ${folder}`].join('\n');
  const exitCode = findings.some(({ severity }) => severity === 'error') ? exitCodes.findings : exitCodes.done;
  return printOutcome('init', { exitCode, data: { files: written, notes }, text, findings }, flags.json === true, io);
}

function findMistake(what: string, files: readonly string[], { from, schema }: InitFlags): string | undefined {
  if (what !== 'rest') return `Cannot make "${what}", expected "rest"`;
  const missing = [...files, ...(schema === undefined ? [] : [schema])].find((file) => !existsSync(file));
  if (missing !== undefined) return `There is no file "${missing}"`;
  if (from === undefined) return files.length > 0 ? 'Files are imported: say of which product with --from' : undefined;
  if (!importers.has(from)) {
    const names = [...importers.keys()];
    return `--from is "${from}", expected ${names.join(', ')}. ${didYouMean(from, names) ?? ''}`.trim();
  }
  return files.length === 0 ? `--from ${from} needs the files to import` : undefined;
}

function refuse(message: string, io: CommandIo): ExitCode {
  io.err(`error[USAGE] ${message}`);
  return exitCodes.usage;
}

function draft(flags: InitFlags, io: CommandIo): Written {
  const { documents, notes } = draftDocuments(readSchema(flags, io));
  return { documents, notes, findings: [], sources: [] };
}

/** Imported documents are tried against the graph where there is one; what does not fit is for the author to settle. */
function importFiles(importer: Importer, files: readonly string[], flags: InitFlags, io: CommandIo): Written {
  const sources = files.map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  const { documents, warnings } = importer(sources);
  const named = documents.map(({ file, text }) => ({ file: basename(file), text }));
  if (flags.schema === undefined && !existsSync(flags.config)) {
    const notes = ['The documents were not tried: there is no settings file, and no --schema'];
    return { documents: named, notes, findings: warnings, sources };
  }
  const faults = tryDocuments(named, readSchema(flags, io));
  return { documents: named, notes: [], findings: [...warnings, ...faults], sources: [...sources, ...named] };
}

function tryDocuments(documents: readonly SourceDocument[], schema: GraphQLSchema): readonly Fault[] {
  try {
    createFacade({ documents, schema, execute: () => Promise.resolve({ data: null }), basePath: '' });
    return [];
  } catch (error) {
    if (error instanceof FaultsError) return error.faults;
    throw error;
  }
}

const readSchema = ({ schema, config }: InitFlags, io: CommandIo): GraphQLSchema =>
  schema === undefined ? loadGraphOffline(config, io.env).apiSchema : readSchemaText(readFileSync(schema, 'utf8'));

/** Where the settings say that the documents are; without settings nowhere. */
function operationsFolder({ config, schema, from }: InitFlags, io: CommandIo): string | undefined {
  if ((schema !== undefined || from !== undefined) && !existsSync(config)) return undefined;
  const { operations } = loadSettings({ file: config, env: io.env }).settings.facade;
  return operations === undefined ? undefined : relative(process.cwd(), operations);
}

/** A first set beside another one would declare the same routes twice. */
const hasDocuments = (folder: string): boolean =>
  existsSync(folder) &&
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((name) => name.endsWith('.graphql'));

function writeDocument(folder: string, { file, text }: SourceDocument): string {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}
