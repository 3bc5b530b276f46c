// Exit code of every error code; docs/cli.md shows the same table and a test compares the two.

import type { ErrorCode } from '../../core/base/errors.ts';

export const EXIT_OK = 0;

export const EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
  internal: 1,
  usage: 2,
  'not-found': 3,
  'bad-dataset': 4,
  'bad-image': 5,
  'bad-mask': 6,
  'no-defects': 7,
  'bad-pack': 8,
  'bad-weights': 9,
  unsupported: 10,
  'no-space': 11,
  'read-only': 12,
  locked: 13,
  'schema-newer': 14,
  corrupt: 15,
  'verify-failed': 16,
  runtime: 17,
  cancelled: 130,
};
