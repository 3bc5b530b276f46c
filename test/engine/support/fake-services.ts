// Services that do no real work: small, deterministic and fast, so that tests see only what the handlers do.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PLAIN_STEP } from '../../../src/core/autodiff/step-program.ts';
import { AppError } from '../../../src/core/base/errors.ts';
import type { ImportItem, ImportProblem, ImportReport } from '../../../src/core/domain/import-report.ts';
import { defaultServices } from '../../../src/engine/default-services.ts';
import type { PackInfo, Services } from '../../../src/engine/services.ts';

const PACK: PackInfo = {
  name: 'embedded',
  kind: 'embedded',
  path: 'resources/pack',
  hash: 'a'.repeat(64),
  workingSize: 128,
  licence: 'Apache-2.0',
  problem: null,
};

export const TRAIN_STEPS = 6;

export interface Hooks {
  /** Called before each training step and each picture. */
  beforeStep?: (step: number, signal: AbortSignal) => void | Promise<void>;
  /** Steps that training really ran, to see what a resume repeats. */
  trained?: number[];
  generated?: number[];
  beforeScan?: () => Promise<void>;
  /** Called before an export is written. */
  beforeExport?: (step: number, signal: AbortSignal) => void | Promise<void>;
  threads?: number;
  /** Name of the graphics card. */
  gpu?: string;
}

/** Aborts the call at one step and waits until the service knows: the wish crosses a port. */
export function abortAt(step: number, controller: AbortController): Hooks['beforeStep'] {
  return async (at, signal) => {
    if (at !== step) return;
    controller.abort();
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  };
}

const READ_BACK = { layout: 'mvtec', pictures: 0, masks: 0, exactMasks: 0, minIou: null };

/** Reads folders of the form `good/NAME`, `TYPE/NAME` and `TYPE/NAME.mask`; content "bad" is refused. */
export function fakeServices(hooks: Hooks = {}): Services {
  return {
    datasets: {
      async scan(source, options) {
        await hooks.beforeScan?.();
        return scan(source, options.product);
      },
    },
    packs: {
      list: async () => [PACK],
      resolve: async (pack) => {
        if (pack === null || pack === 'embedded') return PACK;
        throw new AppError('not-found', `there is no pack "${pack}"`);
      },
      inspect: async () => ({ parameters: 1 }),
      add: async ({ path }) => ({ pack: { ...PACK, name: 'added', kind: 'folder', path }, details: {} }),
      remove: async (name) => ({ path: `/packs/${name}` }),
      sample: async ({ width, height, steps }) => ({
        image: Buffer.from('picture'),
        width: width ?? 64,
        height: height ?? 64,
        scheduler: 'DDIMScheduler',
        timesteps: Array.from({ length: steps }, (_, i) => i),
      }),
    },
    weights: {
      write: async ({ tokenSet, as }) => ({ tokenSet: tokenSet.id, as }),
    },
    devices: {
      list: async () => [
        {
          id: 'cpu',
          name: 'CPU',
          kind: 'cpu',
          threads: 2,
          memoryBytes: null,
          chosen: true,
          usable: true,
          note: null,
        },
      ],
      profile: async (choice) => ({
        device: choice === 'gpu' ? 'gpu' : 'cpu',
        deviceName: choice === 'gpu' ? (hooks.gpu ?? 'card') : 'CPU',
        warning: null,
        threads: hooks.threads ?? 2,
        runtimeVersion: '0',
        loweringProfile: 'none',
      }),
    },
    training: {
      lowerings: async () => ({}),
      outline: async () => ({
        steps: TRAIN_STEPS,
        units: { 'fine-tune': TRAIN_STEPS },
        diskBytes: 1,
      }),
      plan: async (_request, budget) => {
        const plan = { parts: 2, lanes: budget < 2 ** 30 ? 1 : 2, form: PLAIN_STEP };
        return { plan, bytes: 2 ** 29 };
      },
      async train(request, context) {
        const last = await context.lastCheckpoint();
        let state = last === null ? `seed ${request.seed}` : Buffer.from(last.bytes).toString();
        context.phase('fine-tune');
        for (let step = (last?.step ?? 0) + 1; step <= TRAIN_STEPS; step++) {
          await hooks.beforeStep?.(step, context.signal);
          context.signal.throwIfAborted();
          hooks.trained?.push(step);
          state = createHash('sha256').update(`${state} ${step}`).digest('hex');
          context.progress(step, TRAIN_STEPS);
          if (step % 2 === 0) await context.checkpoint(step, Buffer.from(state));
        }
        const shots = request.shots.map((shot) => shot.file);
        return {
          files: [{ name: 'unet.safetensors', bytes: Buffer.from(state) }],
          config: { scale: 0.5 },
          summary: {
            steps: TRAIN_STEPS,
            shots,
            heldOut: request.heldOut.length,
            normals: request.normals.length,
          },
        };
      },
    },
    generation: {
      async *generate(request, context) {
        for (const index of request.indices) {
          await hooks.beforeStep?.(index, context.signal);
          context.signal.throwIfAborted();
          hooks.generated?.push(index);
          const text = `${request.generator} ${request.type} ${request.seed} ${index}`;
          yield {
            index,
            seed: request.seed + index,
            width: 8,
            height: 8,
            image: Buffer.from(`image ${text}`),
            mask: request.type === null ? null : Buffer.from(`mask ${text}`),
            sourceId: request.normals[0]?.id ?? null,
            sourceUse: request.normals.length > 0 ? 'source' : null,
            window: { x: 0, y: 0, width: 8, height: 8 },
            recipe: { mask: { warp: index } },
            checks: { outside: { changed: 0, grownBy: 4 }, agreement: { changedInMask: 0.9, contrast: 1 } },
            flags: index % 4 === 3 ? ['agreement'] : [],
          };
        }
      },
    },
    inspection: defaultServices().inspection,
    detectors: defaultServices().detectors,
    exports: {
      async write(job, signal) {
        await hooks.beforeExport?.(0, signal);
        signal.throwIfAborted();
        await mkdir(job.out, { recursive: true });
        for (const picture of job.generated)
          await writeFile(join(job.out, `${picture.id}.png`), readFileSync(picture.path));
        return {
          folder: job.out,
          files: job.generated.length,
          bytes: 1,
          fromDrive: true,
          readBack: READ_BACK,
        };
      },
      async forecast() {
        return {
          bytes: 1,
          largest: null,
          fullest: null,
          longest: '',
          renamed: null,
          severalTypes: 0,
          holes: null,
          noValidation: 0,
          noMask: null,
        };
      },
      async verify(folder) {
        const problems = readdirSync(folder)
          .filter((file) => file.endsWith('.bad'))
          .map((file) => {
            return {
              file,
              code: 'verify-failed' as const,
              message: 'its content changed',
              hint: 'Copy it again.',
            };
          });
        const files = readdirSync(folder).length;
        return { folder, files, bytes: 1, outsideChecked: 0, outsideUnchecked: 0, readBack: null, problems };
      },
    },
    samples: {
      async render(folder) {
        await writeSource(folder, { good: 4, crack: 3 });
        return folder;
      },
    },
    reports: {
      write: async (job) => ({
        sheet: join(job.out, 'sheet.png'),
        seasSheet: null,
        report: join(job.out, 'report.html'),
      }),
    },
  };
}

/** Writes a folder that the fake scan reads: COUNT pictures per sub-folder, with masks except in `good`. */
export async function writeSource(folder: string, counts: Record<string, number>): Promise<void> {
  for (const [type, count] of Object.entries(counts)) {
    await mkdir(join(folder, type), { recursive: true });
    for (let i = 0; i < count; i++) {
      await writeFile(join(folder, type, `${i}.png`), `${type} ${i}`);
      if (type !== 'good') await writeFile(join(folder, type, `${i}.mask`), `mask ${type} ${i}`);
    }
  }
}

function scan(source: string, product = 'part'): ImportReport {
  const items: ImportItem[] = [];
  const problems: ImportProblem[] = [];
  for (const type of readdirSync(source).sort()) {
    for (const name of readdirSync(join(source, type)).sort()) {
      if (name.endsWith('.mask')) continue;
      const file = `${type}/${name}`;
      const absPath = join(source, type, name);
      const bytes = readFileSync(absPath);
      if (bytes.toString() === 'bad') {
        problems.push({
          file,
          code: 'bad-image',
          level: 'reject',
          message: 'not an image',
          hint: 'Save it again.',
        });
        continue;
      }
      const isGood = type === 'good';
      items.push({
        file,
        absPath,
        role: isGood ? 'normal' : 'defect',
        split: isGood ? 'train' : 'test',
        type: isGood ? null : type,
        maskFile: isGood ? null : file.replace('.png', '.mask'),
        maskAbsPath: isGood ? null : absPath.replace('.png', '.mask'),
        maskPng: null,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        width: 8,
        height: 8,
        channels: 3,
        bitDepth: 8,
        maskAreaPx: isGood ? null : 4,
        group: null,
      });
    }
  }
  const types = [...new Set(items.map((item) => item.type))].filter((type) => type !== null);
  const counted = types.map((name) => ({ name, count: items.filter((item) => item.type === name).length }));
  const normals = items.filter((item) => item.role === 'normal').length;
  return { layout: 'mvtec', why: 'sub-folders', product, items, problems, types: counted, normals };
}
