/**
 * The selection of a connector, cut to what an operation asks for and compiled once for each set of fields, so that a
 * request finds it ready (connectors.md 11.4 rule 1).
 */
import { compileMapping } from '../mapping/compile.ts';
import { pruneMapping, type Wanted } from '../mapping/prune.ts';
import type { MappingPart } from '../spec/connector.ts';
import type { WantedFields } from './wanted.ts';

/** So many sets of fields are kept; clients choose them, so they must not fill the memory. */
const keptSets = 256;

export type Selection = Pick<MappingPart, 'tree' | 'evaluate'>;

export class Selections {
  readonly #whole: Selection;
  readonly #widen: (wanted: WantedFields) => Wanted;
  readonly #byWanted = new WeakMap<WantedFields, Selection>();
  readonly #byId = new Map<string, Selection>();

  /** `widen` adds what is needed beside what is wanted. */
  constructor(whole: Selection, widen: (wanted: WantedFields) => Wanted = (wanted) => wanted) {
    this.#whole = whole;
    this.#widen = widen;
  }

  for(wanted: WantedFields): Selection {
    const known = this.#byWanted.get(wanted);
    if (known) return known;
    const selection = this.#byId.get(wanted.id) ?? this.#cut(wanted);
    if (this.#byId.size >= keptSets) this.#byId.clear();
    this.#byId.set(wanted.id, selection);
    this.#byWanted.set(wanted, selection);
    return selection;
  }

  #cut(wanted: WantedFields): Selection {
    const tree = pruneMapping(this.#whole.tree, this.#widen(wanted));
    return tree === this.#whole.tree ? this.#whole : { tree, evaluate: compileMapping(tree) };
  }
}
