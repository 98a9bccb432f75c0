/** Checks an answer against the OpenAPI document: its status, its headers, its media type and its body are described. */
import { expect } from 'vitest';
import type { FacadeResponse, Json } from '../../../gateway/facade/index.ts';
import { createResponseCheck, type ResponseCheck } from './response-check.ts';

type Node = { [name: string]: Json };

const checks = new WeakMap<Node, ResponseCheck>();

/** Fails when the route is in the document and the answer is not. */
export function expectDescribed(openapi: Node, url: string, method: string, response: FacadeResponse): void {
  const check = checks.get(openapi) ?? createResponseCheck(openapi);
  checks.set(openapi, check);
  const { status, headers, body } = response;
  const path = url.replace(/^\/rest(\/v2)?(?=\/)/, '');
  const text = body === undefined || typeof body === 'string' ? body : Buffer.from(body).toString();
  expect(check({ method, url: path, status, headers, body: text })).toEqual([]);
}
