/**
 * Apollo Sandbox embedded in our own page (experience.md 2.1): the page does the fetching, so requests are same-origin.
 * It needs the internet; when Apollo's script does not come, or comes too late, the bundled console takes its place.
 */
export const sandboxScript =
  'https://embeddable-sandbox.cdn.apollographql.com/v2/embeddable-sandbox.umd.production.min.js';

/** How long a firewall may let the request hang before the console opens. */
export const sandboxPatienceMs = 4000;

export const sandboxNotice = 'Apollo Sandbox could not be loaded; this is the bundled console';

/** The options of 2.1. The two `initialRequest...` flags are what Apollo Server's own page does not pass. */
export function sandboxOptions(address: URL): Record<string, unknown> {
  const endpoint = new URL('/graphql', address).href;
  const state = (name: string) => {
    const value = address.searchParams.get(name);
    return value === null ? {} : { [name === 'query' ? 'document' : name]: value };
  };
  return {
    target: '#sandbox',
    initialEndpoint: endpoint,
    initialSubscriptionEndpoint: endpoint,
    initialRequestQueryPlan: true,
    initialRequestConnectorsDebugging: true,
    endpointIsEditable: false,
    hideCookieToggle: false,
    runTelemetry: false,
    initialState: { includeCookies: true, ...state('query'), ...state('variables'), ...state('headers') },
  };
}

/** Where the visitor goes without Sandbox: the console, with what was to be shown. */
export function fallbackAddress(address: URL): string {
  const console = new URL('/console', address);
  for (const name of ['query', 'variables', 'headers']) {
    const value = address.searchParams.get(name);
    if (value !== null) console.searchParams.set(name, value);
  }
  console.searchParams.set('notice', sandboxNotice);
  return console.href;
}

declare global {
  interface Window {
    readonly EmbeddedSandbox?: new (options: Record<string, unknown>) => unknown;
  }
}

/** Loads Apollo's script into the page and opens Sandbox, or goes to the console. */
export function embedSandbox(page: Window): void {
  const address = new URL(page.location.href);
  let isSettled = false;
  const settle = (open: () => void) => {
    if (isSettled) return;
    isSettled = true;
    clearTimeout(patience);
    open();
  };
  const fallBack = () => settle(() => page.location.replace(fallbackAddress(address)));
  const patience = setTimeout(fallBack, sandboxPatienceMs);

  const script = page.document.createElement('script');
  script.src = sandboxScript;
  script.addEventListener('error', fallBack);
  script.addEventListener('load', () => {
    const Sandbox = page.EmbeddedSandbox;
    if (Sandbox) settle(() => void new Sandbox(sandboxOptions(address)));
    else fallBack();
  });
  page.document.head.append(script);
}
