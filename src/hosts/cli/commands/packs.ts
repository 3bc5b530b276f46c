// flawsmith packs

import { resolve } from 'node:path';
import { SAMPLER_NAMES, SPACINGS } from '../../../contract/methods/packs.ts';
import { type Args, folderOrName, usage } from '../args.ts';
import type { Command, CommandResult } from '../command.ts';
import type { Session } from '../session.ts';
import { gigabytes, listOf } from '../values.ts';

type Action = (args: Args, session: Session, target: string) => Promise<CommandResult>;

const READING = ['with', 'variant'];
const SAMPLING = [
  'prompt',
  'negative',
  'sampler',
  'spacing',
  'num-inference-steps',
  'guidance-scale',
  'seed',
  'width',
  'height',
  'lora',
  'embedding',
  'out',
];

/** What follows `packs`, whether it needs a pack, and the options it takes. */
const ACTIONS: Readonly<Record<string, { run: Action; target: string | null; options: readonly string[] }>> =
  {
    list: { run: list, target: null, options: [] },
    inspect: { run: inspect, target: 'PACK', options: READING },
    add: { run: add, target: 'PATH', options: [...READING, 'name'] },
    remove: { run: remove, target: 'NAME', options: [] },
    sample: { run: sample, target: 'PACK', options: [...READING, ...SAMPLING] },
  };

export const packs: Command = {
  name: 'packs',
  summary: 'List, inspect, add and forget base models; sample a picture from one',
  positional: '[list | inspect PACK | add PATH | remove NAME | sample PACK]',
  positionals: { min: 0, max: 2 },
  options: {
    name: { type: 'string', value: 'NAME', help: 'add: what the pack is called (default: from its path)' },
    with: {
      type: 'string',
      value: 'DIR',
      help: 'a diffusers folder that gives what the model lacks (tokenizer, configurations, networks)',
    },
    variant: {
      type: 'string',
      value: 'fp16',
      help: 'which precision of the weights, where there are several',
    },
    prompt: { type: 'string', value: 'TEXT', help: 'sample: what the picture shows' },
    negative: { type: 'string', value: 'TEXT', help: 'sample: what guidance pushes away from' },
    sampler: {
      type: 'string',
      value: 'NAME',
      help: `sample: ${SAMPLER_NAMES.join(', ')}, or a diffusers class (default: the pack's own)`,
    },
    spacing: { type: 'string', value: SPACINGS.join('|'), help: 'sample: which timesteps are visited' },
    'num-inference-steps': { type: 'string', value: 'N', help: 'sample: steps (default: 25)' },
    'guidance-scale': { type: 'string', value: 'X', help: 'sample: weight of the prompt (default: 7.5)' },
    seed: { type: 'string', value: 'S', help: 'sample: seed of all random numbers (default: 0)' },
    width: { type: 'string', value: 'PX', help: "sample: picture width (default: the pack's)" },
    height: { type: 'string', value: 'PX', help: "sample: picture height (default: the pack's)" },
    lora: { type: 'string', value: 'FILE[=WEIGHT],...', help: 'sample: LoRAs to put on the model' },
    embedding: {
      type: 'string',
      value: 'FILE[=TOKEN],...',
      help: 'sample: embeddings and what prompts call them',
    },
    out: { type: 'string', value: 'FILE', help: 'sample: the picture (PNG), a new file' },
  },
  examples: [
    'packs',
    'packs inspect /data/stable-diffusion-v1-5 --json',
    'packs add /data/v1-5-pruned-emaonly.safetensors --name sd15',
    'packs sample sd15 --prompt "a scratched metal plate" --sampler dpm++2m-karras --out plate.png',
    'packs remove sd15',
  ],
  async run(args, session) {
    const [first = 'list', second] = args.positionals;
    const known = Object.hasOwn(ACTIONS, first);
    // A bare name or folder is inspected.
    const action = ACTIONS[known ? first : 'inspect'];
    const target = known ? second : first;
    if (!known && second !== undefined) throw usage(`"packs ${first}" is not known`, args.command);
    if (action.target !== null && target === undefined)
      throw usage(`packs ${first} needs a ${action.target}`, args.command);
    if (action.target === null && target !== undefined) throw usage(`unexpected "${target}"`, args.command);
    const foreign = Object.keys(packs.options).find(
      (name) => args.text(name) !== undefined && !action.options.includes(name),
    );
    if (foreign)
      throw usage(`--${foreign} does not go with packs ${known ? first : 'inspect'}`, args.command);
    return action.run(args, session, target ?? '');
  },
};

async function list(_args: Args, { client, signal }: Session): Promise<CommandResult> {
  const result = await client.packs.list({}, { signal });
  const lines = result.packs.map((p) =>
    p.problem === null
      ? `${p.name}  ${p.what ?? p.kind}, working size ${p.workingSize}, ${p.licence}  ${p.path}`
      : `${p.name}  ${p.what ?? p.kind}, cannot be used: ${p.problem}`,
  );
  return { result, lines };
}

const readingOf = (args: Args) => ({ with: args.path('with'), variant: args.text('variant') });

type Described = { pack: { name: string; path: string; hash: string }; details: Record<string, unknown> };

function describe({ pack, details }: Described): string[] {
  const { memory, licence, files: _files, ...rest } = details;
  const lines = [`${pack.name} (${pack.path})`];
  if (pack.hash !== '') lines.push(`  sha256: ${pack.hash}`);
  lines.push(...Object.entries(rest).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`));
  const title = typeof licence === 'object' ? (licence as { title?: string } | null)?.title : licence;
  lines.push(`  licence: ${title}`);
  if (memory) {
    const need = memory as Record<'samplingBytes' | 'trainingBytes' | 'adapterTrainingBytes', number>;
    lines.push(
      `  memory: about ${gigabytes(need.samplingBytes)} to sample, ${gigabytes(need.trainingBytes)} to train whole, ` +
        `${gigabytes(need.adapterTrainingBytes)} with adapters`,
    );
  }
  return lines;
}

async function inspect(args: Args, { client, signal }: Session, target: string): Promise<CommandResult> {
  const request = { pack: folderOrName(target), ...readingOf(args) };
  const result = await client.packs.inspect(request, { signal });
  return { result, lines: describe(result) };
}

async function add(args: Args, { client, signal, follow }: Session, target: string): Promise<CommandResult> {
  const request = { path: resolve(target), ...readingOf(args), name: args.text('name') };
  const result = await follow(client.packs.add(request, { signal }));
  const title = `added as "${result.pack.name}"; it is read where it lies`;
  return { result, lines: [title, ...describe(result)] };
}

async function remove(_args: Args, { client, signal }: Session, target: string): Promise<CommandResult> {
  const result = await client.packs.remove({ name: target }, { signal });
  return { result, lines: [`"${result.name}" is forgotten; its files stay at ${result.path}`] };
}

async function sample(
  args: Args,
  { client, signal, follow }: Session,
  target: string,
): Promise<CommandResult> {
  const out = args.path('out');
  if (out === undefined) throw args.wrong('out', 'is missing: where shall the picture go?');
  const number = (name: string) => args.integer(name, { min: 8, max: 4096 });
  const request = {
    pack: folderOrName(target),
    ...readingOf(args),
    prompt: args.required('prompt'),
    negative: args.text('negative'),
    sampler: args.text('sampler'),
    spacing: args.choice('spacing', SPACINGS),
    steps: args.integer('num-inference-steps', { min: 1, max: 1000 }),
    guidance: args.number('guidance-scale', { min: 0, max: 100 }),
    seed: args.seed('seed'),
    width: number('width'),
    height: number('height'),
    loras: listOf(args, 'lora').map(({ file, value }) => ({ path: file, scale: scaleOf(args, value) })),
    embeddings: listOf(args, 'embedding').map(({ file, value }) => ({ path: file, token: value })),
    out,
  };
  const result = await follow(client.packs.sample(request, { signal }));
  const { file, width, height, scheduler, timesteps } = result;
  return {
    result,
    lines: [`${file}: ${width}x${height}, ${scheduler}, ${timesteps.length} calls of the network`],
  };
}

function scaleOf(args: Args, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const scale = Number(text);
  if (Number.isFinite(scale) && Math.abs(scale) <= 10) return scale;
  throw args.wrong('lora', `cannot have the weight "${text}"; it must be a number from -10 to 10`);
}
