// Base packs: the models that fine-tuning starts from.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { json, path } from '../fields.ts';

const packInfo = z.strictObject({
  name: z.string(),
  kind: z.enum(['embedded', 'workspace', 'folder']),
  path: z.string(),
  hash: z.string(),
  workingSize: z.int(),
  licence: z.string(),
  problem: z.string().nullable(),
});

export const packMethods = {
  list: oc.input(z.strictObject({})).output(z.strictObject({ packs: z.array(packInfo) })),
  inspect: oc.input(z.strictObject({ pack: path })).output(z.strictObject({ pack: packInfo, details: json })),
};
