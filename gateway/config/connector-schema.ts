/**
 * What can be set for one connector (connectors.md 3.1): all that the directives of ours say, and the policies of its calls.
 * Options are named like the arguments of the directives.
 */
import { z } from 'zod';
import { upstreamSchema } from './upstream-schema.ts';
import { duration, flag, group, list, oneOf, text, wholeNumber } from './values.ts';

export const strictModes = ['none', 'required', 'all'] as const;
export const v04Grammars = ['unified', 'preview'] as const;

/** A 404 as null without an error, or as an error. */
export const notFound = () =>
  z.union([z.null(), z.literal('error')], { error: 'null or "error"' }).meta({ title: 'null or "error"' });

export const connectorSchema = group({
  strict: oneOf(...strictModes)
    .optional()
    .describe('Which of its mapping problems become errors'),
  skipNullKeys: flag().optional().describe('Do not ask for an entity whose key is null'),
  notFound: notFound().optional().describe('What a 404 is; for a GET'),
  idempotent: flag().optional().describe('Its POST or PATCH may be sent twice, so it may be tried again'),
  breaker: oneOf('own').optional().describe('A breaker for this connector alone'),
  keyList: group({
    GET: text('a URL').describe('The URL of the list'),
    param: text().describe('The query parameter that holds the keys'),
    items: text('a mapping').optional().describe('From the answer to its items; the answer itself by default'),
    itemKey: text('a mapping').optional().describe('From an item to its key; the key field by default'),
    style: oneOf('comma', 'repeat').optional().describe('How keys are joined; comma by default'),
    maxSize: wholeNumber(1, 1_000_000).optional().describe('Keys in one request; 100 by default'),
    joins: flag().optional().describe('Whether another list request of the same tick may answer its keys'),
  })
    .optional()
    .describe('Many keys in one request, as @tributaryKeyList'),
  read: list(
    group({
      name: text().describe('The name the selection uses'),
      path: text('a path').describe('Where the value is'),
      in: text().optional().describe('The read it stands in'),
      many: flag().optional().describe('All values, as a list'),
    }),
    'a list of reads',
  )
    .optional()
    .describe('Values read by path, as @tributaryRead'),
  upstream: upstreamSchema({ withDefaults: false })
    .pick({ coalesce: true, retry: true, bulkhead: true, limits: true })
    .extend({
      deadline: group({
        call: duration().optional().describe('One call with all its attempts and waits'),
        attempt: duration().optional().describe('One attempt; shorter than call'),
      })
        .optional()
        .describe('Time limits'),
      cache: group({ enabled: flag().optional().describe('Whether its answers are kept') })
        .optional()
        .describe('Answers kept'),
      breaker: group({ enabled: flag().optional().describe('Whether the breaker counts its calls and refuses them') })
        .optional()
        .describe('The breaker of the service'),
    })
    .optional()
    .describe('Options of upstream, for its calls alone'),
});
