/**
 * A connector's error says under `extensions.http` with which status its service answered (connect specification). Apollo
 * Server takes that member for the head of its own answer, and removes it: one refused review would make the whole GraphQL
 * answer a 422. So on the way through Apollo Server the member has another name.
 */
type Extensions = Readonly<Record<string, unknown>>;

const HIDDEN = 'answeredHttp';

export const hideHttp = (extensions: Extensions): Extensions => rename(extensions, 'http', HIDDEN);

export const restoreHttp = (extensions: Extensions): Extensions => rename(extensions, HIDDEN, 'http');

function rename(extensions: Extensions, from: string, to: string): Extensions {
  if (!Object.hasOwn(extensions, from)) return extensions;
  const { [from]: value, ...others } = extensions;
  return { ...others, [to]: value };
}
