/** Results of suites as JUnit XML, which every build server reads. */
import type { SuiteResult, TestResult } from './run-suite.ts';

export function printJunit(suites: readonly SuiteResult[]): string {
  const all = suites.flatMap(({ tests }) => tests);
  const lines = suites.flatMap(({ file, tests }) => [
    `  <testsuite name="${escape(file)}" ${counts(tests)}>`,
    ...tests.flatMap((test) => printTest(test, file)),
    '  </testsuite>',
  ]);
  return ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites ${counts(all)}>`, ...lines, '</testsuites>', ''].join(
    '\n',
  );
}

function printTest({ name, target, failures, seconds }: TestResult, file: string): string[] {
  const head = `    <testcase name="${escape(`${target} ${name}`)}" classname="${escape(file)}" time="${seconds.toFixed(3)}"`;
  if (failures.length === 0) return [`${head}/>`];
  const text = escape(failures.join('\n'));
  return [`${head}>`, `      <failure message="${escape(failures[0]!)}">${text}</failure>`, '    </testcase>'];
}

function counts(tests: readonly TestResult[]): string {
  const failed = tests.filter(({ failures }) => failures.length > 0).length;
  const seconds = tests.reduce((sum, test) => sum + test.seconds, 0);
  return `tests="${tests.length}" failures="${failed}" time="${seconds.toFixed(3)}"`;
}

const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that XML cannot hold at all become the replacement character. */
const escape = (text: string): string =>
  text
    // oxlint-disable-next-line no-control-regex -- these are what XML forbids
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll(/[&<>"]/g, (character) => named[character]!);
