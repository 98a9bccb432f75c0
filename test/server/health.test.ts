import fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { mountHealth, type HealthOptions } from '../../gateway/server/health.ts';

async function ask(options: Partial<HealthOptions>) {
  const app = fastify();
  mountHealth(app, { isDraining: () => false, readiness: 'none', sets: () => [], ...options });
  const answer = await app.inject('/health/ready');
  return [answer.statusCode, answer.json(), answer.headers['retry-after']];
}

const sets =
  (...instances: number[]) =>
  () =>
    instances.map((known, index) => ({ service: `service-${index}`, instances: known }));

const ready = [200, { status: 'ready' }, undefined];
const waiting = (...services: string[]) => [503, { status: 'waiting', services }, '1'];

describe('GET /health/ready', () => {
  test.each<[HealthOptions['readiness'], number[], unknown]>([
    ['none', [0, 0], ready],
    ['any', [0, 0], waiting('service-0', 'service-1')],
    ['any', [0, 3], ready],
    ['any', [], ready],
    ['all', [0, 3], waiting('service-0')],
    ['all', [1, 3], ready],
    ['all', [], ready],
  ])('server.readiness %s, instances known %j', async (readiness, known, expected) => {
    expect(await ask({ readiness, sets: sets(...known) })).toEqual(expected);
  });

  test('a stop that has begun goes before everything else', async () => {
    expect(await ask({ isDraining: () => true, readiness: 'all', sets: sets(0) })).toEqual([
      503,
      { status: 'draining' },
      '1',
    ]);
  });
});
