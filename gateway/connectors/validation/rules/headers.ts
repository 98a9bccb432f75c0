/** Headers: names that may be set, one of `from` and `value`, constants that are legal, no name twice (9.4). */
import { isOwnHeader, isReservedHeader } from '../../../upstream/reserved-headers.ts';
import type { HeaderPart } from '../../spec/connector.ts';
import type { FaultSink } from '../../spec/fault-sink.ts';
import { isHeaderText } from '../../runtime/headers.ts';
import type { Rule } from '../rule.ts';

const token = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;

export const headers: Rule = ({ sources, connectors }, faults) => {
  for (const { headers: list } of [...sources, ...connectors]) {
    const names = new Set<string>();
    for (const header of list) {
      checkHeader(header, faults);
      if (names.has(header.name)) {
        faults.report('HTTP_HEADER_NAME_COLLISION', `Header "${header.name}" is set twice`, header.node);
      }
      names.add(header.name);
    }
  }
};

function checkHeader({ name, node, from, value }: HeaderPart, faults: FaultSink): void {
  const report = (message: string, hint?: string): void => faults.report('INVALID_HEADER', message, node, hint);
  if (!token.test(name)) report(`"${name}" cannot be the name of a header`);
  else if (isReservedHeader(name)) report(`Header "${name}" cannot be set`, 'The connection itself sets it');
  else if (from !== undefined && isOwnHeader(name)) report(`Header "${name}" can be set by "value" only`);
  // A value that did not parse was reported where it stands
  const hasValue = node.kind === 'ObjectValue' && node.fields.some((field) => field.name.value === 'value');
  if ((from !== undefined) === hasValue) report(`Header "${name}" needs "from" or "value", one of them`);
  const constants = (value?.pieces ?? []).filter((piece) => typeof piece === 'string');
  if (!constants.every(isHeaderText)) report(`The value of header "${name}" has characters a header cannot have`);
}
