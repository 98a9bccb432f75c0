/** `facade.async`: webhooks only to origins, and always signed. */
import { expect, test } from 'vitest';
import { faultsOf, loadText } from './load-text.ts';

const secret = `whsec_${Buffer.from('a key of twenty-four bytes').toString('base64')}`;
const withWebhooks = (text: string) =>
  `services: { a: { schema: a.graphql } }\nfacade: { async: { webhooks: ${text} } }\n`;

test('origins and a secret are taken as they are', () => {
  const text = withWebhooks(`{ origins: ["https://hooks.example"], secret: "${secret}" }`);
  expect(loadText(text).settings.facade.async.webhooks).toEqual({ origins: ['https://hooks.example'], secret });
});

test.each([
  'https://hooks.example/',
  'https://hooks.example/path',
  'hooks.example',
  'ftp://hooks.example',
  'https://*',
])('"%s" is no origin', (origin) => {
  const faults = faultsOf(withWebhooks(`{ origins: ["${origin}"], secret: "${secret}" }`));
  expect(faults).toContain('expected scheme and host such as "https://hooks.example"');
});

test('a secret that is short, or missing where there are origins, is a fault', () => {
  expect(faultsOf(withWebhooks('{ secret: whsec_c2hvcnQ= }'))).toContain(
    'expected "whsec_" and 24 to 64 bytes in base64',
  );
  expect(faultsOf(withWebhooks('{ origins: ["https://hooks.example"] }'))).toContain(
    '"facade.async.webhooks.origins" is set, and there is no "facade.async.webhooks.secret"',
  );
});
