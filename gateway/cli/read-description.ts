/** A description of an API, from a file or an address: an OpenAPI document in JSON or YAML, a supergraph, or an API schema. */
import { existsSync, readFileSync } from 'node:fs';
import type { GraphQLSchema } from 'graphql';
import { parse } from 'yaml';
import type { Json } from '../facade/index.ts';
import { readSchemaText } from './read-schema.ts';

export type OpenApi = { readonly [name: string]: Json };

export type Description =
  { readonly kind: 'openapi'; readonly document: OpenApi } | { readonly kind: 'graph'; readonly schema: GraphQLSchema };

/** Why there is no description: the words, and whether the network is to blame. */
export interface NoDescription {
  readonly kind: 'none';
  readonly reason: string;
  readonly isNetwork: boolean;
}

const TIMEOUT_MS = 10_000;

const none = (reason: string, isNetwork = false): NoDescription => ({ kind: 'none', reason, isNetwork });

/** Reads a file, or what an `http` or `https` address answers. */
export async function readDescription(place: string): Promise<Description | NoDescription> {
  if (!/^https?:\/\//.test(place)) {
    return existsSync(place)
      ? parseDescription(place, readFileSync(place, 'utf8'))
      : none(`There is no file "${place}"`);
  }
  try {
    const response = await fetch(place, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) return none(`"${place}" answered ${response.status}`, true);
    return parseDescription(place, await response.text());
  } catch (error) {
    const { cause, message } = error as Error;
    return none(`Cannot read "${place}": ${cause instanceof Error ? cause.message : message}`, true);
  }
}

const isJson = (text: string): boolean => /^\s*\{\s*"/.test(text);
const isOpenApiYaml = (text: string): boolean => /^(["']?)openapi\1\s*:/m.test(text);

function parseDescription(place: string, text: string): Description | NoDescription {
  try {
    if (isJson(text) || isOpenApiYaml(text)) {
      const document = (isJson(text) ? JSON.parse(text) : parse(text)) as OpenApi;
      return 'openapi' in document
        ? { kind: 'openapi', document }
        : none(`"${place}" is JSON, but no OpenAPI document`);
    }
    return { kind: 'graph', schema: readSchemaText(text) };
  } catch (error) {
    return none(`"${place}" is neither an OpenAPI document nor a GraphQL schema: ${(error as Error).message}`);
  }
}
