// flawsmith recreate

import { isId, usage } from '../args.ts';
import type { Command } from '../command.ts';

const DEVICES = ['auto', 'cpu', 'gpu'] as const;

export const recreate: Command = {
  name: 'recreate',
  summary: 'Make a generated picture again and compare it with what was stored',
  positional: 'ID',
  positionals: { min: 1, max: 1 },
  options: {
    device: {
      type: 'string',
      value: DEVICES.join('|'),
      help: "compute on this device (default: the run's own)",
    },
  },
  examples: ['recreate 01J9ZQ4M7N8P6R5S3T2V1W0XYZ --workspace parts'],
  async run(args, { client, signal, follow }) {
    const [id] = args.positionals;
    if (!isId(id)) throw usage(`an id has 26 letters and digits, not "${id}"`, args.command);
    const device = args.choice('device', DEVICES);
    const result = await follow(client.generation.recreate({ id, device }, { signal }));
    const { image, mask, differs, restored } = result;
    const lines = [`picture ${id} (${result.generator}): ${describe(image)}`];
    if (mask !== null) lines.push(`mask: ${describe(mask)}`);
    if (differs !== null)
      lines.push(`compared with the run, ${differs} differs; equal bytes are not promised`);
    if (restored.length > 0) lines.push(`put back: ${restored.join(' and ')}`);
    return { result, lines };
  },
};

function describe(file: {
  equal: boolean;
  maxDifference: number | null;
  differingPixels: number | null;
}): string {
  if (file.equal) return 'equal, byte for byte';
  if (file.maxDifference === null)
    return 'not equal; the stored file is gone, so the difference cannot be told';
  if (file.maxDifference === 0) return 'the same pixels in other bytes';
  return `not equal: ${file.differingPixels} pixels differ, by at most ${file.maxDifference} code values`;
}
