// flawsmith prove

import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fromWireError, toPlainError } from '../../../contract/errors.ts';
import { DEVICES } from '../../../contract/fields.ts';
import { AppError } from '../../../core/base/errors.ts';
import { PROOF_ARMS, PROOF_PRESETS, type ProofArm } from '../../../core/domain/proof.ts';
import { type Args, folderOrName, usage } from '../args.ts';
import type { Command, CommandResult } from '../command.ts';
import { refuseWith } from '../resume.ts';
import type { Session } from '../session.ts';

/** Where proofs live that nobody gave a place. */
const OWN_FOLDER = 'flawsmith-prove';

const NEW_PROOF = [
  'data',
  'all',
  'product',
  'group-by',
  'shots',
  'shot-seed',
  'seeds',
  'seed',
  'preset',
  'arms',
  'device',
  'pack',
  'fine-tune-steps',
  'detector-steps',
  'pictures',
  'variation',
];

export const proveCommand: Command = {
  name: 'prove',
  summary: 'Show whether generated pictures make a detector better, on real test pictures',
  options: {
    data: { type: 'string', value: 'DIR', help: 'your pictures (default: the product of the workspace)' },
    all: {
      type: 'string',
      value: 'LIST',
      help: 'prove every folder that this text file names, one a line; what is done is not done again',
    },
    shots: {
      type: 'string',
      value: 'N',
      help: 'real defects per type to train on, 1 to 8 (default: 3); with --all also 1,3',
    },
    seeds: { type: 'string', value: 'S', help: 'how often everything is trained anew, 1 to 10 (default: 3)' },
    quick: { type: 'boolean', help: 'short trainings, as --preset quick' },
    preset: { type: 'string', value: PROOF_PRESETS.join('|'), help: 'how long (default: balanced)' },
    arms: {
      type: 'string',
      value: 'ARM,...',
      help: `what is compared with real only: ${PROOF_ARMS.slice(1).join(', ')} (default: the first four, and accepted)`,
    },
    'group-by': {
      type: 'string',
      value: 'REGEX',
      help: 'what in a file name tells the physical part; with --data',
    },
    'leave-out-leaks': { type: 'boolean', help: 'leave test pictures out that are known from training' },
    product: { type: 'string', value: 'NAME', help: 'which product, where there are several' },
    out: { type: 'string', value: 'DIR', help: 'where the report goes (default: the folder of the proof)' },
    'shot-seed': { type: 'string', value: 'S', help: 'which pictures are chosen (default: 0)' },
    seed: { type: 'string', value: 'S', help: 'the first seed (default: 0)' },
    pack: { type: 'string', value: 'NAME|DIR', help: 'base model (default: the embedded one)' },
    device: {
      type: 'string',
      value: 'auto|cpu|gpu',
      help: 'what computes (default: auto, a graphics card that works, else the CPU)',
    },
    'fine-tune-steps': {
      type: 'string',
      value: 'N',
      help: 'updates of the fine-tune, instead of the preset',
    },
    'detector-steps': {
      type: 'string',
      value: 'N',
      help: 'updates of every detector, instead of the preset',
    },
    pictures: {
      type: 'string',
      value: 'N',
      help: 'generated pictures per generator and seed, instead of the preset',
    },
    variation: { type: 'string', value: '0..1', help: 'how far blend goes from the pasted defect' },
    resume: { type: 'string', value: 'RUN', help: 'go on with a proof that stopped' },
  },
  examples: [
    'prove --data hazelnut --shots 3 --quick',
    'prove --workspace parts --product bracket --shots 3 --seeds 3',
    'prove --all sets.txt --shots 1,3 --quick',
  ],
  run: (args, session) =>
    args.text('all') === undefined ? proveOne(args, session) : proveAll(args, session),
};

type ProveRequest = Parameters<Session['client']['prove']['run']>[0];

function newProof(args: Args, shots: number) {
  const pack = args.text('pack');
  const preset = args.choice('preset', PROOF_PRESETS);
  if (args.flag('quick') && preset !== undefined) throw args.wrong('quick', 'does not go with --preset');
  return {
    product: args.text('product'),
    groupBy: args.text('group-by'),
    shots,
    shotSeed: args.seed('shot-seed'),
    seeds: args.integer('seeds', { min: 1, max: 10 }) ?? 3,
    seed: args.seed('seed'),
    preset: args.flag('quick') ? ('quick' as const) : (preset ?? ('balanced' as const)),
    arms: armsOf(args),
    leaveOutLeaks: args.flag('leave-out-leaks'),
    device: args.choice('device', DEVICES),
    pack: pack === undefined ? undefined : folderOrName(pack),
    settings: settingsOf(args),
  };
}

function settingsOf(args: Args) {
  const most = { min: 1, max: 100_000 };
  return {
    fineTuneSteps: args.integer('fine-tune-steps', most),
    detectorSteps: args.integer('detector-steps', most),
    generated: args.integer('pictures', { min: 1, max: 10_000 }),
    variation: args.number('variation', { min: 0, max: 1 }),
  };
}

function armsOf(args: Args): ProofArm[] | undefined {
  const text = args.text('arms');
  if (text === undefined) return undefined;
  return text.split(',').map((name) => {
    const arm = PROOF_ARMS.find((known) => known === name.trim() || known === `real+${name.trim()}`);
    if (arm === undefined)
      throw args.wrong('arms', `cannot be "${name}"; choose of ${PROOF_ARMS.join(', ')}`);
    return arm;
  });
}

/** The proof of a folder lives in a workspace of its own, unless one is named. */
function placeOf(args: Args, data: string | undefined): { data?: string; folder?: string } {
  if (data === undefined || args.text('workspace') !== undefined) return { data };
  return { data, folder: resolve(OWN_FOLDER, basename(data)) };
}

async function proveOne(args: Args, session: Session): Promise<CommandResult> {
  const resume = args.id('resume');
  if (resume !== undefined) {
    refuseWith(args, 'resume', NEW_PROOF);
    return proved(args, session, { resume });
  }
  const shots = args.integer('shots', { min: 1, max: 8 }) ?? 3;
  const data = args.path('data');
  if (data === undefined && args.text('group-by') !== undefined)
    throw args.wrong('group-by', 'goes with --data only; parts of a product are set when it is imported');
  return proved(args, session, { ...newProof(args, shots), ...placeOf(args, data) });
}

async function proved(
  args: Args,
  { client, signal, follow }: Session,
  request: ProveRequest,
): Promise<CommandResult> {
  const result = await follow(client.prove.run({ ...request, report: args.path('out') }, { signal }));
  const { html, pdf } = result.report;
  const lines = [result.verdict, ...armLines(result.arms), `  report   ${html}`, `           ${pdf}`];
  return { result, lines };
}

type Arms = Awaited<ReturnType<Session['client']['prove']['get']>>['arms'];

function armLines(arms: Arms): string[] {
  const percent = (value: number | null) => (value === null ? '   -' : (100 * value).toFixed(1).padStart(5));
  return Object.entries(arms).map(([arm, { iou, pixelAp, imageAuroc }]) => {
    const interval = iou.lo === null ? '' : ` (${percent(iou.lo).trim()} to ${percent(iou.hi).trim()})`;
    return `  ${arm.padEnd(16)} IoU ${percent(iou.mean)}${interval}, pixel AP ${percent(pixelAp.mean)}, image AUROC ${percent(imageAuroc.mean)}`;
  });
}

/** A folder a line, relative to the list; empty lines and those that begin with # are skipped. */
function readList(args: Args): string[] {
  const file = args.path('all')!;
  let text: string;
  try {
    if (statSync(file).isDirectory()) throw new Error('it is a folder');
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new AppError('not-found', `the list cannot be read: ${(error as Error).message}`, {
      file,
      hint: 'A text file with the path of a folder on each line.',
    });
  }
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const folders = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (folders.length === 0) throw new AppError('usage', 'the list names no folder', { file });
  const resolved = folders.map((line) => resolve(dirname(file), line));
  const names = resolved.map((folder) => basename(folder));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new AppError('usage', `two folders of the list are called ${twice}`, {
      file,
      hint: 'Proofs are kept by the name of their folder: rename one, or use two lists.',
    });
  return resolved;
}

function shotCounts(args: Args): number[] {
  const text = args.text('shots') ?? '3';
  const counts = text.split(',').map((part) => (/^[1-8]$/.test(part.trim()) ? Number(part) : Number.NaN));
  if (counts.some(Number.isNaN))
    throw usage(`--shots must be numbers from 1 to 8, as in 1,3, not "${text}"`, 'prove');
  return counts;
}

/** A set that cannot be proved is reported and does not keep the others from being proved. */
async function proveAll(args: Args, session: Session): Promise<CommandResult> {
  refuseWith(args, 'all', ['data', 'resume', 'product', 'out']);
  const place = args.path('workspace') ?? resolve(OWN_FOLDER);
  const sets: object[] = [];
  const lines: string[] = [];
  let failure: unknown;
  for (const data of readList(args)) {
    for (const shots of shotCounts(args)) {
      const title = `${basename(data)}, ${shots} shot(s)`;
      try {
        const folder = join(place, basename(data));
        const one = await proved(args, session, { ...newProof(args, shots), data, folder });
        sets.push({ set: basename(data), shots, ...one.result });
        lines.push(title, ...one.lines.map((line) => `  ${line}`));
      } catch (error) {
        if (session.signal.aborted) throw error;
        failure = fromWireError(error);
        const { code, message, ...details } = toPlainError(failure);
        sets.push({ set: basename(data), shots, error: { code, message, ...details } });
        lines.push(title, `  not proved (${code}): ${message}`);
      }
    }
  }
  if (failure !== undefined && sets.every((set) => 'error' in set)) throw failure;
  return { result: { sets }, lines };
}
