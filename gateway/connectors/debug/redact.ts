/**
 * Takes secrets out of debug data (experience.md 3): values of some headers and query parameters, and what the settings and
 * the environment hold, wherever its text appears. What was masked in one place of a call is masked in all of it, so that a
 * service that echoes its request gives nothing away.
 */

/** Masked whatever the settings say; these can only add to them. */
export const maskedHeaders: readonly string[] = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'apikey',
];
export const maskedParameters: readonly string[] = [
  'api_key',
  'apikey',
  'key',
  'token',
  'access_token',
  'sig',
  'signature',
];

/** Shorter texts are too common to be looked for. */
export const shortestSecret = 6;

const mask = '***';

export interface RedactionRules {
  /** Names in lower case. */
  readonly headers: ReadonlySet<string>;
  readonly parameters: ReadonlySet<string>;
  /** Texts of settings and environment. */
  readonly secrets: readonly string[];
}

export interface RedactionOptions {
  /** Besides `maskedHeaders`. */
  readonly headers?: readonly string[];
  /** Besides `maskedParameters`. */
  readonly queryParameters?: readonly string[];
  readonly secrets?: readonly string[];
}

export function createRedactionRules(options: RedactionOptions = {}): RedactionRules {
  return {
    headers: lower([...maskedHeaders, ...(options.headers ?? [])]),
    parameters: lower([...maskedParameters, ...(options.queryParameters ?? [])]),
    secrets: (options.secrets ?? []).filter(isLongEnough),
  };
}

const lower = (names: readonly string[]): Set<string> => new Set(names.map((name) => name.toLowerCase()));

const isLongEnough = (text: string): boolean => text.length >= shortestSecret;

type Header = readonly [name: string, value: string];

/** Headers with the masked ones hidden; their values go to `found`. */
export function redactHeaders(
  headers: readonly Header[],
  rules: RedactionRules,
  found: Set<string>,
): [string, string][] {
  return headers.map(([name, value]) => {
    if (!rules.headers.has(name.toLowerCase())) return [name, value];
    found.add(value);
    // What follows the scheme, as in "Bearer abc"
    found.add(value.slice(value.indexOf(' ') + 1));
    return [name, mask];
  });
}

/** The text of a URL or of a form with the masked parameters hidden; their values go to `found`. */
export function redactParameters(text: string, rules: RedactionRules, found: Set<string>): string {
  return text.replace(/([?&]|^)([^=&?#/]+)=([^&#]*)/g, (whole, before: string, name: string, value: string) => {
    if (value === '' || !rules.parameters.has(decode(name).toLowerCase())) return whole;
    found.add(value);
    found.add(decode(value));
    return `${before}${name}=${mask}`;
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** Hides texts wherever they stand in a value: also encoded for a URL, a form, JSON within text, or in base64. */
export function createTextMask(secrets: Iterable<string>): <T>(value: T) => T {
  const forms = new Set<string>();
  for (const secret of secrets) if (isLongEnough(secret)) for (const form of encodedForms(secret)) forms.add(form);
  if (forms.size === 0) return (value) => value;
  const longestFirst = [...forms].sort((a, b) => b.length - a.length).map(escapePattern);
  const pattern = new RegExp(longestFirst.join('|'), 'gi');
  const hideText = (text: string): string => text.replace(pattern, mask);
  const hide = (value: unknown): unknown => {
    if (typeof value === 'string') return hideText(value);
    if (typeof value === 'number' || typeof value === 'bigint') {
      const text = String(value);
      const hidden = hideText(text);
      return hidden === text ? value : hidden;
    }
    if (Array.isArray(value)) return value.map(hide);
    if (typeof value !== 'object' || value === null) return value;
    // Names of a service may be anything, "__proto__" too
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [hideText(name), hide(member)]));
  };
  return (value) => hide(value) as typeof value;
}

function encodedForms(secret: string): string[] {
  const parameter = encodeForUrl(secret);
  return [
    secret,
    parameter,
    parameter.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`),
    parameter.replaceAll('%20', '+'),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64'),
  ];
}

function encodeForUrl(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
