// What the window remembers per workspace: layouts, positions, choices. Not part of any result.

import { oc } from '@orpc/contract';
import * as z from 'zod';

const key = z.string().regex(/^[a-z][a-zA-Z0-9.-]{0,99}$/, 'expected a name such as review.layout');
const value = z.json().refine((v) => JSON.stringify(v).length <= 100_000, 'too much to remember');

export const uiStateMethods = {
  all: oc.input(z.strictObject({})).output(z.strictObject({ values: z.record(z.string(), z.json()) })),
  put: oc.input(z.strictObject({ key, value })).output(z.strictObject({})),
};
