/** What is answered where the answer is a job (S12 and S13), in OpenAPI. */
import { findRoute } from '../response/read-job.ts';
import type { JsonSchema } from '../routes/input-schema.ts';
import type { Route } from '../routes/route.ts';
import { lifecycleHeaderNames, refHeaders } from './shared-responses.ts';

/** Where a client goes from a job that was started: the job itself, read by what its answer says. */
export function buildJobLinks(route: Route): JsonSchema {
  const job = route.isMutation ? findRoute(route, route.job?.job) : undefined;
  const names = job?.segments.flatMap((segment) => (segment.kind === 'parameter' ? [segment.name] : [])) ?? [];
  const [variant] = route.representation.selection?.variants.values() ?? [];
  if (!job || !names.every((name) => variant?.fields.has(name))) return {};
  const parameters = Object.fromEntries(names.map((name) => [name, `$response.body#/${name}`]));
  return { job: { operationId: job.operation, parameters } };
}

/** The answers beside the success; `content` is the representation of the job where it is read. */
export function buildJobResponses(
  route: Route,
  success: JsonSchema,
  content: JsonSchema,
  asyncDone: 'redirect' | 'link',
): JsonSchema {
  if (!route.job) return {};
  const leadsOn = route.job.result !== undefined && asyncDone === 'redirect';
  const seeResult: JsonSchema = {
    description: 'The job is done; its result is elsewhere',
    headers: refHeaders(
      'Location',
      'Cache-Control',
      'Vary',
      'Link',
      'Content-Location',
      'Preference-Applied',
      ...(route.idempotency ? (['Idempotency-Replayed'] as const) : []),
      ...lifecycleHeaderNames(route),
    ),
    content,
  };
  return {
    ...(route.isMutation
      ? { 200: { ...success, description: 'The job, when it has ended within `Prefer: wait`', content } }
      : {}),
    ...(leadsOn ? { 303: seeResult } : {}),
  };
}
