/** Rule 11: two canonical routes for one type in one version, or one whose path lacks a part of the key. */
import { argumentNode, type Declaration } from '../declaration.ts';
import type { Rule } from './rule.ts';

export const oneResourceRoute: Rule = ({ declarations, report }) => {
  const seen = new Map<string, Declaration>();
  for (const declaration of declarations) {
    const { resource, segments, name, version, http } = declaration;
    if (!resource) continue;
    const key = `${version} ${resource.values.type}`;
    const earlier = seen.get(key);
    if (earlier)
      report(`Type "${resource.values.type}" has two @resource routes: "${earlier.name}" and "${name}"`, resource.node);
    else seen.set(key, declaration);
    if (typeof segments === 'string') continue;
    const holes = segments.flatMap((segment) => (segment.kind === 'parameter' ? [segment.name] : []));
    for (const part of resource.values.key) {
      if (holes.includes(part)) continue;
      report(
        `Route "${http.values.route}" of "${name}" lacks the key "${part}"`,
        argumentNode(http.node, 'route'),
        `Write a segment "{${part}}"`,
      );
    }
    for (const hole of holes) {
      if (resource.values.key.includes(hole)) continue;
      report(
        `Route "${http.values.route}" of "${name}" has a parameter "{${hole}}" that is no part of the key`,
        argumentNode(http.node, 'route'),
        'A canonical route is filled from the key alone',
      );
    }
    if (http.values.method !== 'GET')
      report(`@resource of "${name}" is on a ${http.values.method}, expected a GET`, resource.node);
  }
};
