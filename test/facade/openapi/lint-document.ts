/** Runs the linters of other people on an OpenAPI document, in this process and without network. */
import { readFileSync } from 'node:fs';
import { BaseResolver, createConfig, lintDocument, makeDocumentFromString } from '@redocly/openapi-core';
import spectralCore from '@stoplight/spectral-core';
import owasp from '@stoplight/spectral-owasp-ruleset';
import rulesets from '@stoplight/spectral-rulesets';
import { parse } from 'yaml';
import type { Json } from '../../../gateway/facade/index.ts';

export type Document = { readonly [name: string]: Json };
type RulesetDefinition = Parameters<InstanceType<typeof spectralCore.Spectral>['setRuleset']>[0];

export interface Finding {
  readonly rule: string;
  readonly isError: boolean;
  readonly message: string;
  readonly path: string;
}

const ERROR = 0;

async function runSpectral(ruleset: RulesetDefinition, document: Document): Promise<Finding[]> {
  const spectral = new spectralCore.Spectral();
  spectral.setRuleset(ruleset);
  const found = await spectral.run(structuredClone(document) as Record<string, unknown>);
  return found.map(({ code, severity, message, path }) => ({
    rule: String(code),
    isError: severity === ERROR,
    message,
    path: path.join('/'),
  }));
}

/** `spectral:oas`. */
export const lintSpectral = (document: Document): Promise<Finding[]> =>
  runSpectral(rulesets.oas as unknown as RulesetDefinition, document);

/** The OWASP API Security Top 10 (2023). */
export const lintOwasp = (document: Document): Promise<Finding[]> => {
  // The package is CommonJS: under Node the ruleset is the member `default` of what is imported.
  const ruleset = 'default' in owasp ? (owasp as { default: unknown }).default : owasp;
  return runSpectral(ruleset as RulesetDefinition, document);
};

interface PatternOptions {
  readonly match?: string;
  readonly notMatch?: string;
}

/** The functions of Spectral that our own rules use. */
const functions = {
  truthy: (value: unknown) => (value ? undefined : [{ message: 'is missing' }]),
  pattern: (value: string | undefined, { match, notMatch }: PatternOptions) => {
    const text = value ?? '';
    const isFine =
      (match === undefined || new RegExp(match).test(text)) &&
      (notMatch === undefined || !new RegExp(notMatch).test(text));
    return isFine ? undefined : [{ message: `"${text}" does not have the right form` }];
  },
};

/** `{ function: pattern }` of the file becomes the function itself, as Spectral wants a ruleset that is code. */
function withFunctions(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withFunctions);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      if (key !== 'function') return [key, key === 'functionOptions' ? value : withFunctions(value)];
      const known = functions[value as keyof typeof functions];
      if (!known) throw new TypeError(`No function "${String(value)}" here`);
      return [key, known];
    }),
  );
}

/** A ruleset file in the repository. */
export const lintWithFile = (file: string, document: Document): Promise<Finding[]> =>
  runSpectral(withFunctions(parse(readFileSync(file, 'utf8'))) as RulesetDefinition, document);

/** Redocly's `recommended`. */
export async function lintRedocly(document: Document): Promise<Finding[]> {
  const config = await createConfig({ extends: ['recommended'] });
  const source = makeDocumentFromString(JSON.stringify(document, undefined, 2), 'openapi.json');
  const found = await lintDocument({ document: source, externalRefResolver: new BaseResolver(), config });
  return found.map(({ ruleId, severity, message, location }) => ({
    rule: ruleId,
    isError: severity === 'error',
    message,
    path: location[0]?.pointer ?? '',
  }));
}
