/** What runs here and not on Apollo Router (connectors.md 3.1): nothing, a warning or an error, as the settings say. */
import type { ASTNode, StringValueNode } from 'graphql';
import type { Span } from '../mapping/ast.ts';
import type { ConnectorSettings } from '../runtime/connector-context.ts';
import type { FaultSink } from '../spec/fault-sink.ts';

/** `apolloCode` is the code that Apollo's validator gives. */
export function reportNotPortable(
  faults: FaultSink,
  { portability = 'warn' }: ConnectorSettings,
  apolloCode: string,
  message: string,
  place: ASTNode | { readonly node: StringValueNode; readonly span: Span },
): void {
  if (portability === 'ignore') return;
  const text = `${message}; Apollo Router refuses it (${apolloCode})`;
  const hint = 'Set connectors.portability to "ignore" if the file is for Tributary alone';
  const isError = portability === 'error';
  if ('span' in place) {
    if (isError) faults.reportInString('NOT_PORTABLE', text, place.node, place.span, hint);
    else faults.warnInString('NOT_PORTABLE', text, place.node, place.span, hint);
  } else if (isError) faults.report('NOT_PORTABLE', text, place, hint);
  else faults.warn('NOT_PORTABLE', text, place, hint);
}
