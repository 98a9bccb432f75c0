/** P7: the quota is told on every answer, and a refusal says which policy it broke and when to come back. */
import { onTestFinished, expect, test } from 'vitest';
import { createDrain } from '../../gateway/server/drain.ts';
import { createHttpApp } from '../../gateway/server/http-app.ts';

async function startApp(rateLimit: { max: number; windowMs: number } | undefined) {
  const app = await createHttpApp({
    bodyLimitBytes: 1_000,
    corsOrigins: [],
    rateLimit,
    trustProxy: false,
    onError: () => {},
    drain: createDrain(),
    encode: (_asked, answer) => answer,
  });
  app.get('/thing', () => ({}));
  onTestFinished(() => app.close());
  return app;
}

test('answers carry RateLimit and RateLimit-Policy, and no fields of earlier drafts', async () => {
  const app = await startApp({ max: 2, windowMs: 60_000 });
  const { statusCode, headers } = await app.inject('/thing');
  expect(statusCode).toBe(200);
  expect(headers['ratelimit-policy']).toBe('"basic";q=2;w=60');
  expect(headers['ratelimit']).toBe('"basic";r=1;t=60');
  expect(Object.keys(headers).filter((name) => name.startsWith('ratelimit-'))).toEqual(['ratelimit-policy']);
});

test('beyond the quota: 429, the policy that was broken, nothing left, and when to come back', async () => {
  const app = await startApp({ max: 1, windowMs: 60_000 });
  await app.inject('/thing');
  const { statusCode, headers, body } = await app.inject('/thing');
  expect(statusCode).toBe(429);
  expect(headers['ratelimit']).toMatch(/^"basic";r=0;t=\d+$/);
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  expect(JSON.parse(body)).toMatchObject({
    type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
    status: 429,
    'violated-policies': ['basic'],
  });
});

test('without a limit nothing is said of one', async () => {
  const app = await startApp(undefined);
  expect((await app.inject('/thing')).headers).not.toHaveProperty('ratelimit-policy');
});
