/** Picks the command. Only cac is loaded here: `--help` must answer within 120 ms. */
import { readFileSync } from 'node:fs';
import { cac } from 'cac';
import type { CommandIo } from './command.ts';
import type { ConnectorFlags } from './connector.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import type { InitFlags } from './init.ts';
import { printFailure } from './report.ts';

const processIo: CommandIo = {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  env: process.env,
};

interface CommonFlags {
  readonly config: string;
  readonly json?: boolean;
}

/** Runs one command line and gives its exit code; `serve` ends when it is told to stop. */
export async function main(args: readonly string[], io: CommandIo = processIo): Promise<ExitCode> {
  const cli = cac('tributary');
  let run: (() => Promise<ExitCode>) | undefined;
  const guard = (command: string, isJson: boolean | undefined, work: () => Promise<ExitCode>) => {
    run = () => work().catch((error: unknown) => printFailure(command, error, isJson === true, io));
  };
  cli.option('--config <file>', 'Settings file', { default: 'tributary.yaml' });
  cli.option('--json', 'Print one JSON document');

  cli
    .command('serve', 'Serve the gateway that the settings file describes')
    .option('--port <port>', 'Port, instead of the one in the settings')
    .option('--host <host>', 'Address to listen on, instead of the one in the settings')
    .action((flags: CommonFlags & { port?: number; host?: string }) =>
      guard('serve', flags.json, async () => (await import('./serve.ts')).serve(flags, io)),
    );
  cli
    .command('compose', 'Compose the subgraphs and print the supergraph')
    .option('--subgraph <name=file>', 'A subgraph, instead of those in the settings; may be given several times')
    .option('--out <file>', 'Write the supergraph to a file')
    .example('  tributary compose --subgraph catalog=catalog.graphql --subgraph authors=authors.graphql')
    .action((flags: CommonFlags & { subgraph?: string | string[]; out?: string }) =>
      guard('compose', flags.json, async () => (await import('./compose.ts')).compose(flags, io)),
    );
  cli
    .command('routes', 'List the REST routes')
    .action((flags: CommonFlags) =>
      guard('routes', flags.json, async () => (await import('./routes.ts')).routes(flags, io)),
    );
  cli
    .command('facade <action>', 'Tell of the REST side: versions')
    .option('--admin <url>', 'versions: the admin port of a running gateway, instead of the one in the settings')
    .example('  tributary facade versions')
    .action((action: string, flags: CommonFlags & { admin?: string }) =>
      guard('facade', flags.json, async () => (await import('./facade.ts')).facade(action, flags, io)),
    );
  cli
    .command('check', 'Check the graph and the routes, and compare the API with an earlier state of it')
    .option(
      '--against <file>',
      'An OpenAPI document of the REST side, a supergraph or an API schema: a file or an address',
    )
    .option('--contract <file>', 'An OpenAPI document designed by hand, that the REST side has to keep')
    .option('--with <file>', 'What is compared with it, instead of what the settings file makes')
    .example('  tributary check --against released/openapi.json')
    .example('  tributary check --contract designed.openapi.yaml')
    .action((flags: CommonFlags & { against?: string; contract?: string; with?: string }) =>
      guard('check', flags.json, async () => (await import('./check.ts')).check(flags, io)),
    );
  cli
    .command('openapi', 'Print the description of the REST side, or a collection of requests made from it')
    .option('--format <format>', 'json, yaml, postman, http or arazzo', { default: 'json' })
    .option('--api <version>', 'A version such as v1, instead of the current one')
    .option('--out <file>', 'Write to a file')
    .example('  tributary openapi --format postman --out bookshop.postman_collection.json')
    .action((flags: CommonFlags & { format: string; api?: string; out?: string }) =>
      guard('openapi', flags.json, async () => (await import('./openapi.ts')).openapi(flags, io)),
    );
  cli
    .command('init <what> [...files]', 'Write a first set of REST operation documents: init rest')
    .option('--schema <file>', 'A supergraph or an API schema, instead of what the settings file makes')
    .option('--from <product>', 'Import files of hot-chocolate, tailcall or hasura')
    .option('--out <folder>', 'Where to write, instead of the folder that facade.operations names')
    .option('--force', 'Write over files that are there')
    .example('  tributary init rest --out rest')
    .example('  tributary init rest --from hasura metadata/rest_endpoints.yaml metadata/query_collections.yaml')
    .action((what: string, files: string[], flags: CommonFlags & InitFlags) =>
      guard('init', flags.json, async () => (await import('./init.ts')).init(what, files, flags, io)),
    );
  cli
    .command('compare [...files]', 'Measure the same tasks over REST, levels 0 to 3, and over GraphQL')
    .option('--rtt <ms>', 'Simulated round-trip times, separated by commas', { default: '0,50,150' })
    .option('--n <runs>', 'Timed runs of a cell', { default: 20 })
    .option('--cold', 'No run before the measured ones, and a new connection for each')
    .option('--csv <file>', 'Write the numbers as CSV')
    .option('--html <file>', 'Write a page with tables, waterfalls and the raw exchanges')
    .example('  tributary compare --html comparison.html')
    .action((files: string[], flags: CommonFlags & { rtt: string | number; n: string | number }) =>
      guard('compare', flags.json, async () => (await import('./compare/compare.ts')).compare(files, flags, io)),
    );
  cli
    .command('plan <query>', 'Show the query plan and the REST calls it makes; nothing is sent')
    .example("  tributary plan '{ books { nodes { title authors { name } } } }'")
    .action((query: string, flags: CommonFlags) =>
      guard('plan', flags.json, async () => (await import('./plan.ts')).plan(query, flags, io)),
    );
  cli
    .command('connector <action> [...targets]', 'List connectors, run one alone, or test them: list, run, test')
    .option('--args <json>', 'run: the arguments of the field, $args')
    .option('--this <json>', 'run: the parent object, $this')
    .option('--batch <json>', 'run: the list of objects, $batch')
    .option('--context <json>', 'run: entries of $context')
    .option('--header <header>', 'run: a header of the client, "name: value"; may be given several times')
    .option('--response <file>', 'run: read the answer from a file; nothing is sent')
    .option('--status <status>', 'run: the status of that answer; 200 by default')
    .option('--junit <file>', 'test: write the results as JUnit XML')
    .example('  tributary connector list')
    .example(`  tributary connector run Query.book --args '{"id":"madame-bovary"}'`)
    .example('  tributary connector test --junit results.xml')
    .action((action: string, targets: string[], flags: CommonFlags & ConnectorFlags) =>
      guard('connector', flags.json, async () =>
        (await import('./connector.ts')).connector(action, targets, flags, io),
      ),
    );
  cli.help();
  cli.version(readVersion());

  try {
    cli.parse(['node', 'tributary', ...args], { run: false });
    if (cli.options['help'] === true || cli.options['version'] === true) return exitCodes.done;
    if (cli.matchedCommand === undefined) return refuse(cli.args[0], io);
    cli.runMatchedCommand();
  } catch (error) {
    io.err(`error[USAGE] ${(error as Error).message}`);
    return exitCodes.usage;
  }
  return run === undefined ? exitCodes.done : run();
}

async function refuse(name: string | undefined, io: CommandIo): Promise<ExitCode> {
  const { didYouMean } = await import('../errors/did-you-mean.ts');
  const commands = ['serve', 'compose', 'routes', 'facade', 'check', 'openapi', 'init', 'compare', 'plan', 'connector'];
  if (name === undefined) io.err('error[USAGE] No command given: see "tributary --help"');
  else io.err(`error[USAGE] Unknown command "${name}". ${didYouMean(name, commands)}`);
  return exitCodes.usage;
}

function readVersion(): string {
  for (const place of ['../../package.json', '../../../package.json']) {
    try {
      const manifest = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')) as { version: string };
      return manifest.version;
    } catch {
      continue;
    }
  }
  return '0.0.0';
}
