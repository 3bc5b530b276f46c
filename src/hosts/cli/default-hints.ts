// What to do about an error that brings no hint of its own.

import type { ErrorCode } from '../../core/base/errors.ts';

export const DEFAULT_HINTS: Readonly<Record<ErrorCode, string>> = {
  usage: 'See: flawsmith help',
  'not-found': 'Check the name or path.',
  'bad-image': 'Open the file in a picture viewer; save it again or leave it out.',
  'bad-mask': 'Draw the mask again at the size of its picture.',
  'bad-dataset': 'See which layouts can be read with: flawsmith import --help',
  'bad-pack': 'Copy the pack again, or use another one with --pack.',
  'bad-weights': 'Copy the weights again from where they came from.',
  unsupported: 'See what can be done with: flawsmith help',
  'no-defects': 'At least one defect picture with a mask is needed.',
  'no-space': 'Free some space and run the command again.',
  'read-only': 'Choose a folder that you may write to.',
  locked: 'Close the other Flawsmith or wait until it has finished.',
  'schema-newer': 'Use the newer version of Flawsmith.',
  corrupt: 'Run: flawsmith doctor',
  'verify-failed': 'Copy or export it again.',
  cancelled: 'Run the command again.',
  runtime: 'Run the command again; if it fails once more, report it with this message.',
  internal: 'This is a fault of Flawsmith. Please report it with the command and this message.',
};
