// An operation of a kind that the graph has no root type for is the client's fault, with either engine.
import { describe, expect, it } from 'vitest';
import { startSmallGateway } from './small-gateway.ts';

const sdl = `extend schema @link(url: "https://specs.apollo.dev/connect/v0.2", import: ["@source", "@connect"])
  @source(name: "api", http: { baseURL: "{origin}" })
type Query { name: String @connect(source: "api", http: { GET: "/name" }, selection: "$") }`;

describe.each(['apollo', 'tributary'])('engine: %s', (engine) => {
  it('answers 400 to a mutation where the graph has none, and asks no service', async () => {
    const gateway = await startSmallGateway({
      sdl,
      settings: `engine: ${engine}`,
      answer: () => ({ body: 'x' }),
    });
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'mutation { rename }' }),
    });
    expect(await response.json()).toMatchObject({
      errors: [
        {
          message: 'The operation has what is not supported: a mutation, which this graph has none of',
          extensions: { code: 'OPERATION_UNSUPPORTED' },
        },
      ],
    });
    expect(response.status).toBe(400);
    expect(gateway.rest.requests).toEqual([]);
  });
});
