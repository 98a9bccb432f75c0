/** `tributary openapi`: the description of the REST side, and what other tools make requests with, from the same document. */
import { writeFileSync } from 'node:fs';
import { loadSettings } from '../config/index.ts';
import { didYouMean } from '../errors/did-you-mean.ts';
import type { Facade } from '../facade/index.ts';
import { buildArazzo } from '../facade/openapi/collections/arazzo.ts';
import { buildHttpFile } from '../facade/openapi/collections/http-file.ts';
import { buildPostman } from '../facade/openapi/collections/postman.ts';
import { printYaml } from '../facade/openapi/print-yaml.ts';
import type { CommandIo } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { loadFacadeOffline } from './load-facade-offline.ts';
import { loadGraphOffline } from './load-graph-offline.ts';
import { printOutcome } from './report.ts';

export interface OpenApiFlags {
  readonly config: string;
  readonly json?: boolean;
  readonly format: string;
  /** The version of the API; the current one by default. */
  readonly api?: string;
  readonly out?: string;
}

interface Place {
  /** Where the gateway listens, for documents that say no address of their own. */
  readonly origin: string;
  readonly basePath: string;
}

const printJson = (value: unknown): string => JSON.stringify(value, undefined, 2);

const formats: Readonly<Record<string, (document: Facade['openapi'], place: Place) => string>> = {
  json: printJson,
  yaml: (document) => printYaml(document),
  postman: (document, { origin }) => printJson(buildPostman(document, origin)),
  http: (document, { origin }) => buildHttpFile(document, origin),
  arazzo: (document, { origin, basePath }) => printJson(buildArazzo(document, `${origin}${basePath}/openapi.json`)),
};

export async function openapi(flags: OpenApiFlags, io: CommandIo): Promise<ExitCode> {
  const print = formats[flags.format];
  if (!Object.hasOwn(formats, flags.format) || !print) {
    const names = Object.keys(formats);
    const hint = didYouMean(flags.format, names);
    return refuse(
      `--format is "${flags.format}", expected ${names.join(', ')}${hint === undefined ? '' : `. ${hint}`}`,
      io,
    );
  }
  const { settings } = loadSettings({ file: flags.config, env: io.env });
  const facade = loadFacadeOffline(settings, loadGraphOffline(flags.config, io.env).apiSchema);
  if (facade === undefined) return refuse('The settings have no REST routes: facade.operations is not set', io);
  const document = flags.api === undefined ? facade.openapi : facade.describe(flags.api);
  if (document === undefined) return refuse(`There is no version "${flags.api}" of the REST side`, io);
  const { host, port } = settings.server;
  const { isCurrent = true } = facade.routes.find(({ version }) => version === flags.api) ?? {};
  const basePath = `${settings.facade.basePath}${isCurrent ? '' : `/${flags.api}`}`;
  const text = print(document, { origin: `http://${host}:${port}`, basePath }).trimEnd();
  if (flags.out !== undefined) writeFileSync(flags.out, `${text}\n`);
  const outcome = { exitCode: exitCodes.done, data: document, text: flags.out === undefined ? text : '' };
  return printOutcome('openapi', outcome, flags.json === true, io);
}

function refuse(message: string, io: CommandIo): ExitCode {
  io.err(`error[USAGE] ${message}`);
  return exitCodes.usage;
}
