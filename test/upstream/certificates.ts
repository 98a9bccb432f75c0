/** Authorities of a test's own and the certificates they sign, as PEM files in a folder (openssl). */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificates {
  /** The path of a file: `name.pem`, `name.key`. */
  readonly at: (file: string) => string;
  readonly makeAuthority: (name: string) => void;
  /** For a host such as `IP:127.0.0.1`, without a common name; `dates` are those of `openssl ca`, YYMMDDHHMMSSZ, 30 days from now where left out. */
  readonly makeCertificate: (name: string, authority: string, host: string, dates?: readonly [string, string]) => void;
  readonly remove: () => void;
}

const newKey = ['-newkey', 'rsa:2048', '-nodes'];
const authoritySettings = `[ca]
default_ca=a
[a]
database=index.txt
serial=serial
new_certs_dir=.
default_md=sha256
policy=p
rand_serial=yes
[p]
organizationName=supplied
`;

export function createCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-certificates-'));
  const at = (file: string) => join(folder, file);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  return {
    at,
    makeAuthority(name) {
      const subject = ['-subj', `/CN=${name}`, '-days', '30'];
      openssl('req', '-x509', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.pem`, ...subject);
    },
    makeCertificate(name, authority, host, dates) {
      openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/O=${name}`);
      writeFileSync(at(`${name}.ext`), `subjectAltName=${host}\n`);
      writeFileSync(at('index.txt'), '');
      writeFileSync(at('serial'), '1000\n');
      writeFileSync(at('ca.cnf'), authoritySettings);
      const valid = dates === undefined ? ['-days', '30'] : ['-startdate', dates[0], '-enddate', dates[1]];
      const signer = ['-cert', `${authority}.pem`, '-keyfile', `${authority}.key`, '-extfile', `${name}.ext`];
      openssl('ca', '-batch', '-config', 'ca.cnf', ...signer, ...valid, '-in', `${name}.csr`, '-out', `${name}.pem`);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
