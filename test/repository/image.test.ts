/** What a container runs, run: the commands of Dockerfile and compose file, from the folder the image would contain. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { hasPostgres, noPostgres } from '../subgraphs/postgres.ts';
import { readCompose, serviceNames } from './compose.ts';
import { readManifest, readText, root } from './root.ts';
import { findFreePort, runProgram, startProgram } from './run-program.ts';
import { stageImage, type StagedImage } from './stage-image.ts';

/** Programs start within seconds, but not when the machine is busy with everything else. */
const PATIENCE_MS = 120_000;

let image: StagedImage;
beforeAll(() => {
  image = stageImage();
});
afterAll(() => image?.remove());

const run = (command: readonly string[], env: Record<string, string> = {}) =>
  runProgram(command, { folder: image.folder, env: { ...image.environment, ...env } });

describe('the image', () => {
  test('needs no package that is for development only', () => {
    const wanted = new Set(listBareImports(join(image.folder, 'dist')));
    const allowed = new Set(['tributary-gateway', ...Object.keys(readManifest().dependencies), ...builtinModules]);
    expect([...wanted].filter((name) => !allowed.has(name))).toEqual([]);
    expect(wanted.has('fastify')).toBe(true);
  });

  test('tributary --version prints the version of the package', async () => {
    const { code, out } = await run([...image.command.slice(0, 2), '--version']);
    expect(code).toBe(0);
    expect(out).toContain(readManifest().version);
  });

  test('tributary --help names the command the image runs, and loads none of the large libraries', async () => {
    const hook = join(root, 'test', 'repository', 'list-loaded-modules.js');
    const program = image.command[1]!;
    const { code, out, err } = await run(['node', '--import', hook, program, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(image.command[2]);
    const loaded = err.split('\n').filter((line) => line.startsWith('loaded '));
    expect(loaded.some((line) => line.includes('/node_modules/cac/'))).toBe(true);
    expect(loaded.filter((line) => /\/node_modules\/(zod|yaml|graphql|@apollo|fastify)\//.test(line))).toEqual([]);
  });

  test('docs/reference/commands.md has every command with its options, and no others', async () => {
    const help = (await run([...image.command.slice(0, 2), '--help'])).out;
    const commands = [...help.matchAll(/^ +\$ tributary (\w+) --help$/gm)].map(([, name]) => name!);
    const sections = new Map(
      readText('docs/reference/commands.md')
        .split('\n## ')
        .map((text) => [text.split('\n')[0]!, text]),
    );
    const common = optionsOf(sections.get('# Commands')!);
    expect(commands).toEqual([
      ...['serve', 'compose', 'routes', 'facade', 'check', 'openapi', 'init', 'compare', 'plan', 'connector'],
    ]);
    for (const command of commands) {
      const { out } = await run([...image.command.slice(0, 2), command, '--help']);
      const documented = [...common, ...optionsOf(sections.get(command)!)];
      expect(optionsOf(out).toSorted(byName)).toEqual(documented.toSorted(byName));
    }
  });

  test(
    'the gateway starts while no service answers, its health check says ready, SIGTERM ends it with 0',
    async () => {
      const env = { ...image.environment, PORT: String(await findFreePort()) };
      expect((await run(image.healthCheck, env)).code).toBe(1);
      const gateway = startProgram(image.command, { folder: image.folder, env });
      onTestFinished(async () => void (await gateway.stop()));
      await gateway.listening;
      expect((await run(image.healthCheck, env)).code).toBe(0);
      const answer = await fetch(`http://127.0.0.1:${env.PORT}/graphql?query=%7B__typename%7D`, {
        headers: { 'apollo-require-preflight': 'true' },
      });
      expect(await answer.json()).toEqual({ data: { __typename: 'Query' } });
      expect((await gateway.stop()).code).toBe(0);
    },
    PATIENCE_MS,
  );
});

const isThere = await hasPostgres();
const skipped = isThere ? '' : ` (${noPostgres})`;

describe.skipIf(!isThere)(`the services of docker-compose.yml on PostgreSQL${skipped}`, () => {
  const suffix = randomBytes(5).toString('hex');
  const nameOf = (service: string) => `${service}_${suffix}`;

  beforeAll(async () => {
    const script = join(root, 'deploy', 'postgres', 'create-databases.sh');
    const env = {
      ...{ PGHOST: '127.0.0.1', POSTGRES_USER: 'postgres', SERVICE_PASSWORD: 'bookshop' },
      SERVICE_DATABASES: serviceNames.map(nameOf).join(' '),
    };
    // Twice: the second run finds everything there.
    for (let times = 0; times < 2; times++) {
      const { code, err } = await runProgram(['sh', script], { folder: root, env });
      if (code !== 0 || err !== '') throw new Error(`create-databases.sh ended with ${code}: ${err}`);
    }
  });

  afterAll(async () => {
    const admin = await connect('postgres', 'postgres');
    for (const name of serviceNames.map(nameOf)) {
      await admin.query(`drop database if exists ${name} with (force)`);
      await admin.query(`drop role if exists ${name}`);
    }
    await admin.end();
  });

  test('the account of a service cannot open the database of another', async () => {
    await expect(connect(nameOf('catalog'), nameOf('orders'))).rejects.toThrow(/permission denied/);
  });

  test.each(serviceNames)(
    '%s starts on its own database, becomes ready, and ends with 0',
    async (service) => {
      const { command, environment } = readCompose().services[service]!;
      const env: Record<string, string> = {
        ...image.environment,
        ...environment,
        PORT: String(await findFreePort()),
        DATABASE_URL: `postgres://${nameOf(service)}:bookshop@127.0.0.1:5432/${nameOf(service)}`,
      };
      const program = startProgram(command!, { folder: image.folder, env });
      onTestFinished(async () => void (await program.stop()));
      await program.listening;
      expect((await run(image.healthCheck, env)).code).toBe(0);
      const ready = await fetch(`http://127.0.0.1:${env['PORT']}/health/ready`);
      expect(await ready.json()).toMatchObject({ status: 'ready', service });
      expect((await program.stop()).code).toBe(0);
    },
    PATIENCE_MS,
  );
});

async function connect(user: string, database: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: `postgres://${user}:bookshop@127.0.0.1:5432/${database}` });
  client.on('error', () => {});
  await client.connect();
  return client;
}

const optionsOf = (text: string): string[] => [
  ...new Set([...text.matchAll(/^(?:\| `| +(?:-\w, )?)(--\w+)/gm)].map(([, option]) => option!)),
];

const byName = (a: string, b: string): number => a.localeCompare(b);

/** Packages that the built code names, static and dynamic imports alike. */
function listBareImports(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) => [
      ...readFileSync(join(folder, file), 'utf8').matchAll(
        /^import\s+(?:[\w*{}\s,$]+\sfrom\s+)?['"]([^'"]+)['"]|^export\s+[\w*{}\s,$]+\sfrom\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
      ),
    ])
    .map((match) => match[1] ?? match[2] ?? match[3]!)
    .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}
