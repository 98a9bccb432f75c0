/**
 * The end of version 1, announced with every answer, errors as well: Deprecation (RFC 9745, a structured date), Sunset
 * (RFC 8594, an HTTP date) and where to go instead. After its sunset nothing is left of it but 410.
 */
import type { FastifyInstance } from 'fastify';
import type { OperationReply } from '../../chassis/create-service.ts';
import { ProblemError } from '../../chassis/problem.ts';
import { v1 } from './v1.ts';
import { v2 } from './v2.ts';

const deprecatedAt = new Date('2026-06-30T00:00:00Z');
const sunsetAt = new Date('2027-06-30T00:00:00Z');

/** Adds the headers, and from the sunset on the refusals, to the service's web server. */
export function mountV1Lifecycle(app: FastifyInstance, now: () => Date): void {
  app.addHook('onRequest', async ({ url }) => {
    const successor = successorOf(url);
    if (successor !== undefined && now() >= sunsetAt) throw versionGone(successor);
  });
  app.addHook('onSend', async ({ url }, reply, payload) => {
    const successor = successorOf(url);
    if (successor !== undefined) {
      const links = [`<${successor}>; rel="successor-version"`, '</docs/v1>; rel="deprecation"; type="text/html"'];
      const own = reply.getHeader('link');
      reply.header('deprecation', `@${deprecatedAt.getTime() / 1000}`);
      reply.header('sunset', sunsetAt.toUTCString());
      reply.header('link', (own === undefined ? links : [own, ...links]).join(', '));
    }
    return payload;
  });
}

/** The path in version 2, fit to stand in a header; undefined for what is not of version 1. */
function successorOf(url: string): string | undefined {
  const path = url.split('?')[0]!;
  if (path !== v1.root && !path.startsWith(`${v1.root}/`)) return undefined;
  return v2.root + path.slice(v1.root.length).replaceAll(/[^\w.~%/!$&'()*+,;=:@-]/g, encodeURIComponent);
}

const versionGone = (successor: string): ProblemError =>
  new ProblemError(410, 'version-gone', 'This version is gone', {
    detail: `Version 1 ended on ${day(sunsetAt)}: use version 2`,
    extensions: { successor },
  });

const day = (date: Date): string => date.toISOString().slice(0, 10);

/** The page that the link "deprecation" leads to. */
export const describeV1 = async (): Promise<OperationReply> => ({
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Catalog: from version 1 to version 2</title>
<h1>From version 1 to version 2</h1>
<p>Version 1 is deprecated since ${day(deprecatedAt)} and ends on ${day(sunsetAt)}; from then on it answers 410.
Version 2 has the same books under <code>${v2.root}</code>. What differs:</p>
<ul>
<li><code>authorId</code> is now <code>authors</code>, a list: <code>[{ "id": "gustave-flaubert" }]</code>. Version 1 shows the first.</li>
<li><code>price</code> is now <code>{ "amount": "12.90", "currency": "EUR" }</code>: exact text instead of a number.</li>
<li>PATCH takes a merge patch.</li>
</ul>
</html>
`,
});
