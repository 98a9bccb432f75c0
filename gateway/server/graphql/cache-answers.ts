/**
 * What caches are told of answers of /graphql: a query by GET has an address, and gets what a route would get (facade.md 5.4),
 * and so does one by POST where this server keeps answers itself. Everything else is kept by nobody. Conditions are looked at
 * when the answer is there, because equal requests share it.
 */
import type { ApolloServerPlugin } from '@apollo/server';
import type { RequestContext, RequestHeaders } from '../../execution/request-context.ts';
import { isUnmodified, readEntityTags, tagOfContent, type DescribeCaching } from '../../facade/index.ts';
import type { Answer } from '../http/answer.ts';

/** Sets the header fields of each answer; `describe` is asked late, because the facade comes after Apollo Server. */
export function cacheAnswers(describe: () => DescribeCaching): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response, document, operation, contextValue }) {
          const { headers } = response.http;
          if (contextValue.face !== 'graphql') return;
          headers.set('cache-control', 'no-store');
          const { freshness, requestHeaders } = contextValue;
          if (freshness === undefined || response.body.kind !== 'single') return;
          const { data, errors } = response.body.singleResult;
          if (!document || operation?.operation !== 'query' || !data || errors !== undefined) return;
          const told = describe()({ document, operation, data, freshness: freshness.read(), headers: requestHeaders });
          for (const [name, value] of Object.entries(told)) headers.set(name, value);
        },
      };
    },
  };
}

/** With its entity tag, where caches may keep it. */
export function withTag(answer: Answer): Answer {
  const { headers, body } = answer;
  if (answer.status !== 200 || (headers.get('cache-control') ?? 'no-store') === 'no-store') return answer;
  const etag = tagOfContent(headers.get('content-type') ?? '', body.toString());
  return { ...answer, headers: new Map([...headers, ['etag', etag]]) };
}

/** 304 for a client that has the answer already (RFC 9110, 13.1.2). */
export function unlessKnown(asked: RequestHeaders, answer: Answer): Answer {
  const etag = answer.headers.get('etag');
  if (etag === undefined || !isUnmodified(readEntityTags(asked, 'if-none-match'), etag)) return answer;
  const headers = new Map(answer.headers);
  headers.delete('content-type');
  return { status: 304, headers, body: Buffer.alloc(0) };
}
