// A service trusts its contract, and compiles a schema when the first value comes for it: what is broken must be found here.
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { readContract, type Operation } from '../../../subgraphs/chassis/contract.ts';
import { findContract } from '../../../subgraphs/chassis/find-contract.ts';
import { serviceNames } from '../../../subgraphs/start-bookshop.ts';

const checksOf = ({ parameters, bodies, answers }: Operation) => [
  ...parameters.map(({ findFaults }) => findFaults),
  ...bodies.values(),
  ...[...answers.values()].flatMap((contents) => [...contents.values()]),
];

describe.each(serviceNames)('the contract of %s', (service) => {
  const { document, operations } = readContract(findContract(service));

  test('every schema in it is one by JSON Schema 2020-12', () => {
    const ajv = new Ajv2020({ strict: false });
    ajvFormats.default(ajv);
    ajv.addSchema(document as object, 'contract');
    for (const name of Object.keys((document['components'] as { schemas: object }).schemas)) {
      expect(ajv.getSchema(`contract#/components/schemas/${name}`)).toBeTypeOf('function');
    }
  });

  test('every schema of every parameter, body and answer compiles', () => {
    expect(operations.length).toBeGreaterThan(0);
    for (const operation of operations) {
      for (const findFaults of checksOf(operation)) expect(Array.isArray(findFaults(null))).toBe(true);
    }
  });
});
