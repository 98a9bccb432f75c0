/** `tributary connector test`: runs suites of connector tests; without files those beside the schemas of the settings. */
import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadSettings } from '../config/index.ts';
import { locateSubgraphs } from '../server/graph-settings.ts';
import type { CommandIo } from './command.ts';
import type { ConnectorFlags } from './connector.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { printOutcome } from './report.ts';
import { printJunit } from './suites/junit.ts';
import { runSuite, type SuiteResult } from './suites/run-suite.ts';

const suffix = /\.connectors\.ya?ml$/;

export async function connectorTest(files: readonly string[], flags: ConnectorFlags, io: CommandIo): Promise<ExitCode> {
  const found = files.length > 0 ? files : findSuites(flags.config, io);
  if (found.length === 0) {
    io.err('error[USAGE] No suites: write <schema>.connectors.yaml beside a schema, or name the files');
    return exitCodes.usage;
  }
  const suites: SuiteResult[] = [];
  for (const file of found) suites.push(await runSuite(file));
  if (flags.junit !== undefined) writeFileSync(flags.junit, printJunit(suites));
  const failed = suites.flatMap(({ tests }) => tests).filter(({ failures }) => failures.length > 0);
  const exitCode = failed.length === 0 ? exitCodes.done : exitCodes.findings;
  const outcome = { exitCode, data: { suites }, text: printSuites(suites) };
  return printOutcome('connector test', outcome, flags.json === true, io);
}

function findSuites(config: string, io: CommandIo): string[] {
  const { settings } = loadSettings({ file: config, env: io.env });
  const folders = new Set(locateSubgraphs(settings).map(({ schema }) => dirname(schema)));
  return [...folders].flatMap((folder) => listSuites(folder));
}

function listSuites(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => suffix.test(name))
      .toSorted()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function printSuites(suites: readonly SuiteResult[]): string {
  const lines = suites.flatMap(({ file, tests }) => [
    file,
    ...tests.flatMap(({ name, target, failures }) => [
      `  ${failures.length === 0 ? 'ok  ' : 'FAIL'}  ${target}  ${name}`,
      ...failures.map((failure) => `        ${failure}`),
    ]),
  ]);
  const tests = suites.flatMap((suite) => suite.tests);
  const failed = tests.filter(({ failures }) => failures.length > 0).length;
  const sum = failed === 0 ? `${tests.length} passed` : `${failed} of ${tests.length} failed`;
  return [...lines, '', sum].join('\n');
}
