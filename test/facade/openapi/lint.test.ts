/** The documents of the bookshop under the linters of facade.md 7.3. Each rule set is seen to find something, too. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openShop } from '../bookshop.ts';
import { lintOwasp, lintRedocly, lintSpectral, lintWithFile, type Document, type Finding } from './lint-document.ts';

const ZALANDO = 'schema/rest/lint/zalando.yaml';

const read = (file: string): Document => JSON.parse(readFileSync(file, 'utf8')) as Document;
const versions = [
  ['v1', read('schema/rest/openapi.v1.json')],
  ['v2', read('schema/rest/openapi.json')],
] as const;

const print = (findings: readonly Finding[]): string[] =>
  findings.map(({ rule, path, message }) => `${rule} at ${path}: ${message}`);
const errorsOf = (findings: readonly Finding[]): Finding[] => findings.filter(({ isError }) => isError);

/** A document of ours that is broken on purpose. */
function broken(): Document {
  const { info: _info, paths, ...rest } = read('schema/rest/openapi.v1.json');
  return {
    ...rest,
    info: { title: 'Broken', version: 'one' },
    paths: { ...(paths as object), '/getBooks/': { get: { responses: { 200: { description: 'Done' } } } } },
  };
}

describe.each(versions)('the OpenAPI document of %s', (_version, document) => {
  const timeout = 60_000;

  it('has no finding under spectral:oas', { timeout }, async () => {
    expect(print(await lintSpectral(document))).toEqual([]);
  });

  it("has no finding under Redocly's recommended rules", { timeout }, async () => {
    expect(print(await lintRedocly(document))).toEqual([]);
  });

  it("has no error under the rules of Zalando's guidelines that fit", { timeout }, async () => {
    const isOldList = ({ path }: Finding) => path.startsWith('paths//books/get');
    const errors = errorsOf(await lintWithFile(ZALANDO, document));
    // Version 1 answers a bare list, which is why there is a version 2.
    const isKnown = (finding: Finding) =>
      document === versions[0][1] && finding.rule === 'zalando-110-object-top-level' && isOldList(finding);
    expect(print(errors.filter((finding) => !isKnown(finding)))).toEqual([]);
  });

  it('has no error under the rules of OWASP, but that the shop has no log-in', { timeout }, async () => {
    const errors = errorsOf(await lintOwasp(document));
    expect(print(errors.filter(({ rule }) => rule !== 'owasp:api2:2023-write-restricted'))).toEqual([]);
  });
});

describe('linting', () => {
  it('finds no open write once the API has security schemes', { timeout: 60_000 }, async () => {
    const { facade } = openShop({
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT (RFC 8725)', description: 'RFC8725' },
      },
    });
    expect(facade.openapi['security']).toEqual([{ bearer: [] }]);
    expect(print(errorsOf(await lintOwasp(facade.openapi)))).toEqual([]);
  });

  it.each([
    ['spectral:oas', lintSpectral],
    ['Redocly', lintRedocly],
    ['Zalando', (document: Document) => lintWithFile(ZALANDO, document)],
    ['OWASP', lintOwasp],
  ] as const)('%s finds what is wrong with a broken document', { timeout: 60_000 }, async (_name, lint) => {
    expect((await lint(broken())).length).toBeGreaterThan(0);
  });
});
