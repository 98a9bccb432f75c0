/** A graph of several subgraphs in one process, answered by `engine: tributary`: SDL and resolvers in, answers out. */
import type { ApolloServer } from '@apollo/server';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type FormattedExecutionResult } from 'graphql';
import { createConnectorTarget } from '../../gateway/execution/connector-target.ts';
import type { FetchTarget } from '../../gateway/execution/fetch-target.ts';
import { createRequestContext, type RequestContext } from '../../gateway/execution/request-context.ts';
import { createTributaryEngine } from '../../gateway/execution/tributary-engine.ts';
import { createApolloServer } from '../../gateway/server/graphql/create-apollo-server.ts';
import { composeSupergraph } from '../../gateway/supergraph/compose-supergraph.ts';

export interface TestSubgraph {
  readonly sdl: string;
  readonly resolvers: object;
}

export interface SentFetch {
  readonly subgraph: string;
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface TestGraph {
  readonly sent: SentFetch[];
  readonly supergraphSdl: string;
  ask(query: string, variables?: Record<string, unknown>): Promise<FormattedExecutionResult>;
}

export interface StartGraphOptions {
  /** Changes the supergraph before it is served, for what composition would not let through. */
  readonly change?: (supergraphSdl: string) => string;
}

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: ["@key", "@requires", "@external", "@provides", "@shareable", "@interfaceObject", "@override", "@inaccessible"])';

const readPart = (sdl: string) => parse(`${link}\n${sdl}`);

export function composeParts(parts: Readonly<Record<string, { readonly sdl: string }>>): string {
  return composeSupergraph(
    Object.entries(parts).map(([name, { sdl }]) => ({ name, typeDefs: readPart(sdl), url: `http://${name}.test` })),
    new Map(),
  ).sdl;
}

export async function startGraph(
  parts: Readonly<Record<string, TestSubgraph>>,
  { change = (sdl) => sdl }: StartGraphOptions = {},
): Promise<TestGraph> {
  const sent: SentFetch[] = [];
  const targets = new Map(
    Object.entries(parts).map(([name, { sdl, resolvers }]) => {
      const schema = buildSubgraphSchema({ typeDefs: readPart(sdl), resolvers: resolvers as never });
      const target = createConnectorTarget({ name, schema });
      const counted: FetchTarget = (operation, variables, context) => {
        sent.push({ subgraph: name, text: operation.text, variables });
        return target(operation, variables, context);
      };
      return [name, counted] as const;
    }),
  );
  const supergraphSdl = change(composeParts(parts));
  const server: ApolloServer<RequestContext> = createApolloServer({
    gateway: createTributaryEngine({ supergraphSdl, targets }),
    isIntrospectionOn: true,
    isCsrfPreventionOn: false,
    limits: { depth: 100, fields: 10_000, tokens: 100_000 },
    onFault: () => {},
  });
  await server.start();
  return {
    sent,
    supergraphSdl,
    async ask(query, variables = {}) {
      const contextValue = createRequestContext({
        face: 'rest',
        headers: {},
        requestId: 'test',
        signal: new AbortController().signal,
        deadlineAt: Number.POSITIVE_INFINITY,
      });
      const { body } = await server.executeOperation({ query, variables }, { contextValue });
      if (body.kind !== 'single') throw new TypeError('Expected one answer');
      return JSON.parse(JSON.stringify(body.singleResult)) as FormattedExecutionResult;
    },
  };
}
