/** URLs: absolute in a source, relative beside one, absolute without one; http or https only (6.1, 9.3). */
import type { ConstValueNode } from 'graphql';
import { baseUrlOf } from '../../runtime/base-url.ts';
import { RequestFault } from '../../runtime/request-fault.ts';
import { isAbsoluteUrl, readBaseUrl, readUrlPattern } from '../../runtime/url.ts';
import type { FaultSink } from '../../spec/fault-sink.ts';
import { placeOf } from '../places.ts';
import type { Rule } from '../rule.ts';

export const urls: Rule = ({ sources, connectors }, faults, settings) => {
  for (const source of sources) {
    const { baseUrl } = source;
    if (baseUrl)
      check(faults, `The base URL of source "${source.name}"`, baseUrl.node, () => baseUrlOf(source, settings));
  }
  for (const connector of connectors) {
    for (const { node, template } of connector.methods) {
      if (!template) continue;
      const isAbsolute = isAbsoluteUrl(template.text);
      if (connector.sourceName && isAbsolute) {
        const hint = 'Leave out scheme and host, or leave out "source"';
        const message = `${placeOf(connector)} has a source and an absolute URL`;
        faults.report('ABSOLUTE_CONNECT_URL_WITH_SOURCE', message, node, hint);
      } else if (!connector.sourceName && !isAbsolute) {
        const hint = 'Write the whole URL, or name a source';
        const message = `${placeOf(connector)} has a relative URL, but no source`;
        faults.report('RELATIVE_CONNECT_URL_WITHOUT_SOURCE', message, node, hint);
      } else if (isAbsolute) {
        check(faults, `The URL of ${placeOf(connector)}`, node, () =>
          readBaseUrl(readUrlPattern(template).origin ?? ''),
        );
      }
    }
  }
};

function check(faults: FaultSink, what: string, node: ConstValueNode, read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof RequestFault)) throw error;
    const code = error.message.startsWith('Its scheme') ? 'INVALID_URL_SCHEME' : 'INVALID_URL';
    faults.report(code, `${what} cannot be used: ${error.message}`, node, 'For example http://127.0.0.1:4001/v1');
  }
}
