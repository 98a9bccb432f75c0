/**
 * The browser of the tests, out of the npm package @sparticuz/chromium (experience.md 7): nothing is downloaded and
 * nothing needs to be installed on the machine. Unpacked once a version, beside the other caches of node_modules, and
 * moved into place only when it is whole, so that an interrupted run leaves no half browser behind.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How the tests start a browser, or why there is none. */
export type BrowserChoice =
  | { readonly kind: 'executable'; readonly executablePath: string; readonly env: Readonly<Record<string, string>> }
  | { readonly kind: 'none'; readonly reason: string };

/** Finds the browser: the one named by TRIBUTARY_E2E_CHROME, else the packed one, else an installed Chrome. */
export function chooseBrowser(root: string): BrowserChoice {
  const named = process.env['TRIBUTARY_E2E_CHROME'];
  if (named !== undefined && named !== '') {
    return runs(named, {})
      ? { kind: 'executable', executablePath: named, env: {} }
      : { kind: 'none', reason: `TRIBUTARY_E2E_CHROME names "${named}", which does not start` };
  }
  if (process.platform === 'linux' && process.arch === 'x64') return unpackBrowser(root);
  const installed = installedChrome[process.platform]?.find((path) => existsSync(path));
  return installed === undefined
    ? { kind: 'none', reason: 'no Chrome found; set TRIBUTARY_E2E_CHROME=/path/to/chrome' }
    : { kind: 'executable', executablePath: installed, env: {} };
}

const installedChrome: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
  win32: ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'],
  linux: ['/usr/bin/google-chrome', '/usr/bin/chromium', '/usr/bin/chromium-browser'],
};

function unpackBrowser(root: string): BrowserChoice {
  const cache = join(root, 'node_modules/.cache/tributary-e2e');
  const manifest = readFileSync(join(root, 'node_modules/@sparticuz/chromium/package.json'), 'utf8');
  const folder = join(cache, `chromium-${(JSON.parse(manifest) as { version: string }).version}`);
  const executablePath = join(folder, 'chromium');
  if (!existsSync(executablePath)) {
    const failure = unpackInto(root, cache, folder);
    if (failure !== undefined) return { kind: 'none', reason: `the packed browser cannot be unpacked: ${failure}` };
  }
  // A machine without any fonts draws no text; the package brings some.
  const fonts = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_FILE: join(folder, 'packed-fonts.conf') };
  // Slim images lack libnss3 and its like; the package brings those too. The machine's own are preferred.
  const packedLibraries = { ...fonts, LD_LIBRARY_PATH: join(folder, 'al2023/lib') };
  const env = [fonts, packedLibraries].find((candidate) => runs(executablePath, candidate));
  return env === undefined
    ? { kind: 'none', reason: 'the packed browser does not start here; set TRIBUTARY_E2E_CHROME=/path/to/chrome' }
    : { kind: 'executable', executablePath, env };
}

/**
 * Unpacks in a process of its own, because the package takes its orders from the environment: TMPDIR says where to, and
 * the name of a runtime of Amazon's makes it unpack the shared libraries as well.
 */
function unpackInto(root: string, cache: string, folder: string): string | undefined {
  mkdirSync(cache, { recursive: true });
  const partial = mkdtempSync(join(cache, 'unpacking-'));
  try {
    const script =
      "const { default: chromium } = await import('@sparticuz/chromium'); await chromium.executablePath();";
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, TMPDIR: partial, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
    });
    if (status !== 0) return stderr.trim().split('\n').at(-1) ?? `exit code ${String(status)}`;
    writeFileSync(join(partial, 'packed-fonts.conf'), fontSettings(folder));
    if (!existsSync(folder)) renameSync(partial, folder);
    return undefined;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** The package's own settings name folders of Amazon's; these name where the fonts are. */
const fontSettings = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;

function runs(executablePath: string, env: Readonly<Record<string, string>>): boolean {
  const { status } = spawnSync(executablePath, ['--version', '--no-sandbox'], {
    env: { ...process.env, ...env },
    stdio: 'ignore',
    timeout: 20_000,
  });
  return status === 0;
}
