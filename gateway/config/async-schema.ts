/** `facade.async`: writes that the gateway works on after it has answered (`@async` without a rule). */
import { z } from 'zod';
import { duration, group, list, wholeNumber } from './values.ts';

/** Scheme, host and port, and nothing else; as `URL.origin` writes it. */
function origin() {
  const error = 'scheme and host such as "https://hooks.example"';
  return z
    .string({ error })
    .refine((value) => /^https?:\/\/[^*]+$/.test(value) && URL.canParse(value) && new URL(value).origin === value, {
      error,
    })
    .meta({ title: 'origin' });
}

/** 24 to 64 bytes in base64, as Standard Webhooks asks. */
function webhookSecret() {
  const error = '"whsec_" and 24 to 64 bytes in base64';
  const sizeOf = (value: string) => Buffer.from(value.slice('whsec_'.length), 'base64').length;
  return z
    .string({ error })
    .refine((value) => /^whsec_[A-Za-z0-9+/]+=*$/.test(value) && sizeOf(value) >= 24 && sizeOf(value) <= 64, { error })
    .meta({ title: 'secret' });
}

export const asyncSchema = group({
  deadline: duration().prefault('5m').describe('How long such a write may take'),
  keep: duration().prefault('24h').describe('How long its operation can be read, from its start'),
  maxRunning: wholeNumber(1, 100_000).prefault(100).describe('Writes under way at most; more are refused with 503'),
  webhooks: group({
    origins: list(origin(), 'a list of origins')
      .prefault([])
      .describe('Where clients may have the end of an operation told, by the header Callback-URL; none by default'),
    secret: webhookSecret().optional().describe('The key that webhooks are signed with; best from a variable'),
  })
    .prefault({})
    .describe('Telling clients the end of an operation, as Standard Webhooks has it'),
});
