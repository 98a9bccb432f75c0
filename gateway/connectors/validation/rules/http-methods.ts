/** Exactly one HTTP method a connector (6.1). */
import { argumentPlace, placeOf } from '../places.ts';
import type { Rule } from '../rule.ts';

export const httpMethods: Rule = ({ connectors, link }, faults) => {
  for (const connector of connectors) {
    const { methods, directive } = connector;
    if (methods.length === 1) continue;
    const http = argumentPlace(connector, 'http');
    if (methods.length > 1) {
      const names = methods.map(({ method }) => method).join(', ');
      faults.report(
        'MULTIPLE_HTTP_METHODS',
        `${placeOf(connector)} has several HTTP methods: ${names}`,
        methods[1]!.node,
      );
    } else if (http === directive) {
      // Without "http" a connector is virtual: its selection is applied to an empty object
      if (link.isV04) continue;
      const hint = 'Add http: { GET: "/…" }, or raise the version in the @link to v0.4';
      faults.report('HTTP_OMITTED_REQUIRES_V0_4', `${placeOf(connector)} has no "http"`, directive, hint);
    } else {
      const hint = 'One of GET, POST, PUT, PATCH, DELETE';
      faults.report('MISSING_HTTP_METHOD', `${placeOf(connector)} has no HTTP method`, http, hint);
    }
  }
};
