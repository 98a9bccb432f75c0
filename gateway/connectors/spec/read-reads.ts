/** Reads the uses of `@tributaryRead` on one connector into a tree: reads with `in` go below the read they name. */
import type { ConstDirectiveNode } from 'graphql';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { FaultSink } from './fault-sink.ts';
import { argumentOf, stringOf } from './link.ts';
import { readPath, type Read } from './read-path.ts';

const code = 'INVALID_TRIBUTARY_ARGUMENT';

type GrowingRead = Read & { readonly below: Read[] };

/** What is wrong is reported; the rest is read. */
export function readReads(directives: readonly ConstDirectiveNode[], faults: FaultSink): readonly Read[] {
  const roots: Read[] = [];
  const known = new Map<string, GrowingRead>();
  const text = (directive: ConstDirectiveNode, name: string): string | undefined =>
    stringOf(argumentOf(directive, name));
  const found = directives.flatMap((directive) => {
    const path = readPath(text(directive, 'path') ?? '');
    if (typeof path === 'string') {
      faults.report(code, path, argumentOf(directive, 'path') ?? directive);
      return [];
    }
    const many = argumentOf(directive, 'many');
    const isMany = many?.kind === 'BooleanValue' && many.value;
    const parent = text(directive, 'in');
    const name = text(directive, 'name') ?? '';
    const read: GrowingRead = { name, path, isMany, below: [] };
    const fullName = parent === undefined ? name : `${parent}.${name}`;
    if (known.has(fullName)) {
      faults.report(code, `Two reads are named "${fullName}"`, argumentOf(directive, 'name') ?? directive);
      return [];
    }
    known.set(fullName, read);
    return [{ directive, parent, read }];
  });
  for (const { directive, parent, read } of found) {
    const owner = parent === undefined ? roots : known.get(parent)?.below;
    if (owner) owner.push(read);
    else {
      const hint = didYouMean(parent!, known.keys());
      faults.report(code, `There is no read "${parent}" to read in`, argumentOf(directive, 'in')!, hint);
    }
  }
  return roots;
}
