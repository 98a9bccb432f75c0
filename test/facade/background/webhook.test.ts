/** The end of an operation, told to the address its client named: signed, repeated, and to nobody who was not allowed. */
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signWebhook, type WebhookRequest } from '../../../gateway/facade/index.ts';
import { jsonOf, toRequest } from '../bookshop.ts';
import { openJobShop, readers } from '../job-shop.ts';

const text = `${readers}
  mutation AddNote($text: String!) @http(method: POST, route: "/notes") @async { addNote(text: $text) { id text } }`;
const secret = `whsec_${Buffer.from('a key of twenty-four bytes').toString('base64')}`;

/** `statuses` are what the receiver answers, one by one; the last one stays. */
async function addNote(callback: string, { statuses = [204], origins = ['https://hooks.example'], ...more } = {}) {
  const sent: WebhookRequest[] = [];
  const waited: Promise<unknown>[] = [];
  const send = (request: WebhookRequest) => {
    sent.push(request);
    const status = (statuses.length > 1 ? statuses.shift() : statuses[0])!;
    return status === 0 ? Promise.reject(new Error('ECONNREFUSED')) : Promise.resolve(status);
  };
  const shop = openJobShop(text, {
    now: () => new Date('2026-11-22T00:00:00Z'),
    webhooks: { origins, secret, send },
    ...more,
  });
  const request = toRequest('/rest/notes', {
    method: 'POST',
    body: { text: 'x' },
    headers: { 'callback-url': callback },
  });
  const answer = await shop.facade.handle({ ...request, waitUntil: (work) => void waited.push(work) });
  await Promise.all(waited);
  return { answer, sent, slept: shop.slept, executed: shop.executed };
}

describe('webhooks', () => {
  it('tell the end of the operation, signed by id, time and body', async () => {
    const { answer, sent } = await addNote('https://hooks.example/orders?shop=1');
    expect(answer.status).toBe(202);
    const [{ url, headers, body }] = sent as [WebhookRequest];
    expect(url).toBe('https://hooks.example/orders?shop=1');
    expect(JSON.parse(body)).toMatchObject({
      type: 'operation.succeeded',
      timestamp: '2026-11-22T00:00:00.000Z',
      data: { ...jsonOf(answer), status: 'SUCCEEDED' },
    });
    const id = `msg_${String(jsonOf(answer)['id'])}`;
    expect(headers).toMatchObject({ 'webhook-id': id, 'webhook-timestamp': '1795305600' });
    const signed = createHmac('sha256', 'a key of twenty-four bytes').update(`${id}.1795305600.${body}`);
    expect(headers['webhook-signature']).toBe(`v1,${signed.digest('base64')}`);
  });

  it('are signed as the example of Standard Webhooks', () => {
    const key = 'whsec_plJ3nmyCDGBKInavdOK15jsl';
    const body = '{"event_type":"ping","data":{"success":true}}';
    expect(signWebhook(key, 'msg_loFOjxBNrRLzqYUf', 1731705121, body)).toBe(
      'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=',
    );
  });

  it('are repeated under the same id, five deliveries at most', async () => {
    const { sent, slept } = await addNote('https://hooks.example/', { statuses: [0, 500, 301, 204] });
    expect(slept).toEqual([5_000, 30_000, 120_000]);
    expect(new Set(sent.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect((await addNote('https://hooks.example/', { statuses: [503] })).sent.length).toBe(5);
  });

  it('are not repeated to a receiver that is gone', async () => {
    expect((await addNote('https://hooks.example/', { statuses: [410] })).sent.length).toBe(1);
  });

  it.each([
    ['https://evil.example/', 'Callback-URL is not among the addresses allowed here'],
    ['http://hooks.example/', 'Callback-URL is not among the addresses allowed here'],
    ['https://hooks.example:8443/', 'Callback-URL is not among the addresses allowed here'],
    ['https://hooks.example.evil.example/', 'Callback-URL is not among the addresses allowed here'],
    ['https://hooks.example@127.0.0.1/', 'Callback-URL is not among the addresses allowed here'],
    ['https://me:secret@hooks.example/', 'Callback-URL is not among the addresses allowed here'],
    ['file:///etc/passwd', 'Callback-URL is not among the addresses allowed here'],
    ['/orders', 'Callback-URL is no absolute URL'],
  ])('are not sent to %s: the request is refused, and nothing is begun', async (callback, detail) => {
    const { answer, sent, executed } = await addNote(callback);
    expect([answer.status, jsonOf(answer)['detail']]).toEqual([400, detail]);
    expect(jsonOf(answer)['errors']).toEqual([{ header: 'callback-url', detail, code: 'invalid' }]);
    expect([sent, executed]).toEqual([[], []]);
  });

  it('are off where no address is allowed', async () => {
    const { answer } = await addNote('https://hooks.example/', { origins: [] });
    expect(jsonOf(answer)['detail']).toBe('Callback-URL is given, and no webhooks are sent here');
  });
});
