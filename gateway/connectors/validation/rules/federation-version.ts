/** Apollo's tools want a federation link that is as new as the connect link (5). */
import { findLinks } from '../../spec/link.ts';
import { reportNotPortable } from '../not-portable.ts';
import type { Rule } from '../rule.ts';

const lowest = { '0.1': 10, '0.2': 11, '0.3': 12, '0.4-preview': 13, '0.4': 13 } as const;

export const federationVersion: Rule = ({ document, link }, faults, settings) => {
  if (!link.link) return;
  const needed = lowest[link.version];
  for (const { url } of findLinks(document, 'https://specs.apollo.dev/federation/')) {
    const minor = Number(/\/v2\.(\d+)$/.exec(url.value)?.[1] ?? Number.NaN);
    if (Number.isNaN(minor) || minor >= needed) continue;
    const message = `connect v${link.isV04 ? '0.4' : link.version} needs federation v2.${needed} or later, this file links v2.${minor}`;
    reportNotPortable(faults, settings, 'UNKNOWN_CONNECTORS_VERSION', message, url);
  }
};
