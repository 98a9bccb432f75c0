/** The first plan of a cold planner costs several times what later ones cost; here nobody waits for it. */
import type { QueryPlanner } from './query-planner.ts';
import { buildWarmUpDocument } from './warm-up-document.ts';

/** The first has the planner build what it builds lazily; further ones have V8 compile. More gain nothing. */
const TURNS = 2;

export function warmUpPlanner(planner: QueryPlanner): void {
  const document = buildWarmUpDocument(planner.apiSchema);
  if (document === undefined) return;
  try {
    for (let turn = 0; turn < TURNS; turn++) planner.planDocument(document);
  } catch {
    // Nobody asked for it; an operation of a client that fails the same way gets the error.
  }
}
