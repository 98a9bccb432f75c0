/** docker-compose.yml, as text: the rules it keeps. The commands in it are run by image.test.ts. */
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readManifest, readText } from './root.ts';
import { readCompose, serviceNames } from './compose.ts';

const { services, networks, text } = readCompose();
const programs = [...serviceNames, 'gateway'];

describe('docker-compose.yml', () => {
  test('has the database, the five services and the gateway', () => {
    expect(Object.keys(services)).toEqual(['postgres', ...programs]);
  });

  test('pins every image: the product to the version of the package, the database to a release', () => {
    for (const name of programs) expect(services[name]!.image).toBe(`tributary-gateway:${readManifest().version}`);
    expect(services['postgres']!.image).toMatch(/^postgres:\d+\.\d+-alpine$/);
  });

  test('publishes one port, the one of the gateway, on the loopback address', () => {
    const published = Object.entries(services).flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]));
    expect(published).toEqual([['gateway', '127.0.0.1:${GATEWAY_PORT:-4000}:4000']]);
  });

  test.each(['postgres', ...programs])('%s gains no privileges and cannot write to its image', (name) => {
    const service = services[name]!;
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.read_only).toBe(true);
    expect(service.tmpfs).toContain('/tmp');
    expect(service.privileged).toBeUndefined();
  });

  test.each(programs)('%s has no capabilities', (name) => {
    expect(services[name]!.cap_drop).toEqual(['ALL']);
  });

  test.each(serviceNames)('%s starts when the database is healthy', (name) => {
    expect(services[name]!.depends_on?.['postgres']).toEqual({ condition: 'service_healthy' });
  });

  test('orders starts after the services it calls, the gateway after all of them', () => {
    const healthy = { condition: 'service_healthy' };
    expect(services['orders']!.depends_on).toEqual({ postgres: healthy, catalog: healthy, inventory: healthy });
    expect(services['gateway']!.depends_on).toEqual(Object.fromEntries(serviceNames.map((name) => [name, healthy])));
  });

  test('whatever is waited for has a health check: the database its own, the programs that of the image', () => {
    expect(services['postgres']!.healthcheck?.test.slice(0, 2)).toEqual(['CMD', 'pg_isready']);
    expect(services['postgres']!.healthcheck?.test).toContain('127.0.0.1');
    for (const name of programs) expect(services[name]!.healthcheck).toBeUndefined();
    expect(readText('Dockerfile')).toContain('HEALTHCHECK');
  });

  test.each(serviceNames)('%s has a database and an account of its own', (name) => {
    const url = services[name]!.environment?.['DATABASE_URL'];
    expect(url).toBe(`postgres://${name}:\${POSTGRES_PASSWORD:-bookshop}@postgres:5432/${name}`);
    expect(services['postgres']!.environment?.['SERVICE_DATABASES']?.split(' ')).toContain(name);
  });

  test('only the services reach the database, and only the gateway the outside', () => {
    expect(members('data')).toEqual(['postgres', ...serviceNames]);
    expect(members('services')).toEqual(programs);
    expect(members('outside')).toEqual(['gateway']);
    expect(networks).toEqual({ data: { internal: true }, services: { internal: true }, outside: {} });
  });

  test('holds no secret: values come from variables, and .env.example names each with the same default', () => {
    const used = [...text.matchAll(/\$\{(\w+):-([^}]*)\}/g)].map(([, name, fallback]) => `${name}=${fallback}`);
    const documented = readText('.env.example')
      .split('\n')
      .filter((line) => /^\w+=/.test(line));
    expect(new Set(used)).toEqual(new Set(documented));
    expect(text.replaceAll(/\$\{[^}]*\}/g, '')).not.toMatch(/bookshop@|PASSWORD: *[^$\s]/);
  });

  test('the settings of the gateway look for every service where compose runs it', () => {
    const settings = parse(readText('deploy/tributary.docker.yaml')) as {
      services: Record<string, { url?: string }>;
      connectors: { sources: Record<string, { override_url: string }> };
    };
    expect(Object.keys(settings.services).toSorted()).toEqual([...serviceNames].toSorted());
    for (const name of serviceNames) {
      const found = settings.services[name]!.url ?? settings.connectors.sources[`${name}.api`]?.override_url;
      const { host } = new URL(found!);
      expect(host).toBe(`${name}:${services[name]!.environment!['PORT']}`);
    }
    const { CATALOG_URL, INVENTORY_URL } = services['orders']!.environment!;
    expect([CATALOG_URL, INVENTORY_URL]).toEqual(['http://catalog:4001', 'http://inventory:4004']);
  });
});

const members = (network: string): string[] =>
  Object.entries(services)
    .filter(([, service]) => service.networks.includes(network))
    .map(([name]) => name);
