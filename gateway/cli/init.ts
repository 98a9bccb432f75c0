/**
 * `tributary init rest`: a first set of operation documents for the REST side, from a schema. The files belong to the author
 * from then on: what is there already is only written over with `--force`.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { GraphQLSchema } from 'graphql';
import { loadSettings } from '../config/index.ts';
import { draftDocuments, type DraftDocument } from '../facade/drafts/draft-documents.ts';
import type { CommandIo } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { loadGraphOffline } from './load-graph-offline.ts';
import { readSchemaText } from './read-schema.ts';
import { printOutcome } from './report.ts';

export interface InitFlags {
  readonly config: string;
  readonly json?: boolean;
  readonly schema?: string;
  readonly out?: string;
  readonly force?: boolean;
}

const DEFAULT_FOLDER = 'rest';

export async function init(what: string, flags: InitFlags, io: CommandIo): Promise<ExitCode> {
  if (what !== 'rest') return refuse(`Cannot make "${what}", expected "rest"`, io);
  if (flags.schema !== undefined && !existsSync(flags.schema)) return refuse(`There is no file "${flags.schema}"`, io);
  const schema = readSchema(flags, io);
  const { documents, routes, notes } = draftDocuments(schema);
  const folder = flags.out ?? operationsFolder(flags, io) ?? DEFAULT_FOLDER;
  const taken = flags.force === true ? [] : documents.filter(({ file }) => existsSync(join(folder, file)));
  if (taken.length > 0) {
    const names = taken.map(({ file }) => `"${join(folder, file)}"`).join(', ');
    return refuse(`Already there: ${names}. Write elsewhere with --out, or over them with --force`, io);
  }
  const files = writeDocuments(folder, documents);
  for (const note of notes) io.err(`note ${note}`);
  const text = [...files, `${routes} routes written. Settings that serve them: facade.operations: ${folder}`].join(
    '\n',
  );
  return printOutcome(
    'init',
    { exitCode: exitCodes.done, data: { files, routes, notes }, text },
    flags.json === true,
    io,
  );
}

function refuse(message: string, io: CommandIo): ExitCode {
  io.err(`error[USAGE] ${message}`);
  return exitCodes.usage;
}

const readSchema = ({ schema, config }: InitFlags, io: CommandIo): GraphQLSchema =>
  schema === undefined ? loadGraphOffline(config, io.env).apiSchema : readSchemaText(readFileSync(schema, 'utf8'));

/** Where the settings say that the documents are; with `--schema` there may be no settings. */
function operationsFolder({ config, schema }: InitFlags, io: CommandIo): string | undefined {
  if (schema !== undefined && !existsSync(config)) return undefined;
  const { operations } = loadSettings({ file: config, env: io.env }).settings.facade;
  return operations === undefined ? undefined : relative(process.cwd(), operations);
}

function writeDocuments(folder: string, documents: readonly DraftDocument[]): string[] {
  return documents.map(({ file, text }) => {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  });
}
