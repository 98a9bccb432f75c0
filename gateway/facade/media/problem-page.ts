/** The page behind a problem's `type` (RFC 9457, 3.1.1): what it means, from the table that `decide` uses. */
import type { Json } from '../contract.ts';
import { findProblemType, titleOfName } from '../response/problem-types.ts';
import type { RouteFamily } from '../routes/route.ts';

/** The page of a problem, or undefined for a name that nothing here answers. */
export function renderProblemPage(
  name: string,
  families: readonly RouteFamily[],
  uri: string,
): Record<string, Json> | undefined {
  const type = findProblemType(name);
  if (type) return { type: type.uri ?? uri, title: type.title, status: type.status, meaning: type.meaning };
  const routes = families.flatMap((family) => family.routes);
  for (const route of routes) {
    const outcome = route.outcomes.find((rule) => rule.problem === name && rule.status >= 400);
    if (!outcome) continue;
    const what = route.summary ?? route.operation;
    const description =
      outcome.type === undefined ? undefined : route.result.selection?.variants.get(outcome.type)?.description;
    const meaning = description ?? `An outcome of "${what}".`;
    return { type: uri, title: titleOfName(name), status: outcome.status, meaning };
  }
  return undefined;
}
