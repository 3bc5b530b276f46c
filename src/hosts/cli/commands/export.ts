// flawsmith export

import { EXPORT_PARTS, EXPORT_SPLITS, FORMATS } from '../../../contract/methods/exports.ts';
import { usage } from '../args.ts';
import type { Command } from '../command.ts';
import { readBackLine } from '../read-back-line.ts';

function listed(text: string | undefined): string[] | undefined {
  return text?.split(',').map((part) => part.trim());
}

function splitsOf(text: string | undefined, command: string) {
  return listed(text)?.map((part) => {
    const split = EXPORT_SPLITS.find((known) => known === part);
    if (split === undefined)
      throw usage(`--splits takes ${EXPORT_SPLITS.join(', ')}, separated by commas`, command);
    return split;
  });
}

export const exportCommand: Command = {
  name: 'export',
  summary: 'Write the accepted and the real pictures as a dataset, and read it back',
  options: {
    format: { type: 'string', value: FORMATS.join('|'), help: 'how it is laid out (default: mvtec)' },
    out: { type: 'string', value: 'DIR', help: 'the folder to make' },
    parts: { type: 'string', value: EXPORT_PARTS.join('|'), help: 'what goes in (default: both)' },
    types: { type: 'string', value: 'A,B', help: 'only these defect types (good parts always come along)' },
    splits: { type: 'string', value: EXPORT_SPLITS.join(','), help: 'only these splits' },
    product: { type: 'string', value: 'NAME', help: 'which product, where there are several' },
  },
  examples: [
    'export --format mvtec --out hazelnut-plus --workspace parts',
    'export --format coco --parts generated --out coco',
    'export --format yolo-seg --out hazelnut-yolo --workspace parts',
    'export --format label-studio --out /media/stick/hazelnut --workspace parts',
  ],
  async run(args, { client, signal, follow }) {
    const out = args.path('out');
    if (out === undefined) throw usage('--out is missing: which folder shall be made?', args.command);
    const stream = client.exports.export(
      {
        format: args.choice('format', FORMATS) ?? 'mvtec',
        out,
        parts: args.choice('parts', EXPORT_PARTS) ?? 'both',
        types: listed(args.text('types')),
        splits: splitsOf(args.text('splits'), args.command),
        product: args.text('product'),
      },
      { signal },
    );
    const result = await follow(stream);
    const megabytes = (result.bytes / 1e6).toFixed(1);
    const lines = [
      `${result.generated} generated and ${result.real} real pictures in ${result.folder}`,
      `${result.files} files, ${megabytes} MB, all read back${result.fromDrive ? ' from the drive' : ''} and compared`,
      readBackLine(result.readBack),
    ];
    return { result, lines };
  },
};
