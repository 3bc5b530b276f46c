// The headers of every answer of the web host.

import { PAGE_HEADERS, POLICY } from '../desk/page-headers.ts';

/** Where a browser reports what it refused. */
export const REPORT_PATH = '/csp-report';

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  ...PAGE_HEADERS,
  'Content-Security-Policy': [...POLICY, `report-uri ${REPORT_PATH}`].join('; '),
};
