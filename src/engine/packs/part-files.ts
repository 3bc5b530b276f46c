// Which files hold a part's weights in a diffusers folder: whole, sharded, or in a variant such as fp16.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { compareCodePoints } from '../../core/domain/text-order.ts';
import { openSafetensors, type SafetensorsFile } from './safetensors-file.ts';
import { refuseForeignFile } from './untrusted-file.ts';
import { type WeightSource, weightSource } from './weight-source.ts';

/** Files of one part, in the order they are read. */
export interface PartFiles {
  /** Absolute; the index comes first where there are shards. */
  readonly files: readonly string[];
  /** `fp16`, `non_ema`, ...; null for the plain files. */
  readonly variant: string | null;
}

/** STEM.safetensors, STEM.VARIANT.safetensors, and the index of shards under both spellings. */
const NAME =
  /^(diffusion_pytorch_model|model)(?:\.([A-Za-z0-9_]+))?\.safetensors(\.index(?:\.([A-Za-z0-9_]+))?\.json)?$/;
const SHARD = /-\d{5}-of-\d{5}/;
const PICKLES = /\.(bin|ckpt|pt|pth|pkl|msgpack|h5)$/i;
const MAX_INDEX_BYTES = 32 << 20;

interface Candidate {
  readonly file: string;
  readonly variant: string | null;
  readonly isIndex: boolean;
}

function candidatesIn(folder: string): Candidate[] {
  return readdirSync(folder)
    .sort(compareCodePoints)
    .flatMap((file): Candidate[] => {
      if (SHARD.test(file)) return [];
      const found = NAME.exec(file);
      if (!found) return [];
      return [{ file, variant: found[2] ?? found[4] ?? null, isIndex: found[3] !== undefined }];
    });
}

/** The wanted variant, else full precision, else half precision, else whatever there is. */
function choose(candidates: readonly Candidate[], variant: string | null): Candidate | undefined {
  const order = [variant, null, 'fp32', 'fp16', 'bf16'];
  const rank = ({ variant: v, isIndex }: Candidate) =>
    2 * (order.includes(v) ? order.indexOf(v) : order.length) + (isIndex ? 1 : 0);
  return candidates.toSorted((a, b) => rank(a) - rank(b))[0];
}

/** File names of an index's weight_map by tensor name. */
function readWeightMap(file: string): Map<string, string> {
  const bad = (reason: string, cause?: unknown): never => {
    throw new AppError('bad-weights', `the list of shards cannot be used: ${reason}`, { file }, cause);
  };
  if (statSync(file).size > MAX_INDEX_BYTES) bad('it is too large');
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    bad('it is not valid JSON', cause);
  }
  const map = (json as { weight_map?: unknown } | null)?.weight_map;
  if (typeof map !== 'object' || map === null || Array.isArray(map)) bad('it has no weight_map');
  const entries = Object.entries(map as Record<string, unknown>);
  for (const [, shard] of entries) {
    if (typeof shard !== 'string' || !/^[\w.-]+\.safetensors$/.test(shard))
      bad(`${JSON.stringify(shard)} is no file name`);
  }
  return new Map(entries as [string, string][]);
}

/** Finds a part's weights. Throws bad-pack where there are none, naming pickles that lie there instead. */
export function findPartFiles(folder: string, variant: string | null): PartFiles {
  const chosen = choose(candidatesIn(folder), variant);
  if (!chosen) {
    const pickle = readdirSync(folder).find((name) => PICKLES.test(name));
    throw new AppError(
      'bad-pack',
      pickle ? `the weights are a pickled file (${pickle}), which is not read` : 'there are no weights',
      {
        file: pickle ? join(folder, pickle) : folder,
        hint: pickle
          ? 'A pickle can run any program. Get the model as .safetensors.'
          : 'Expected diffusion_pytorch_model.safetensors or model.safetensors.',
      },
    );
  }
  const first = join(folder, chosen.file);
  if (!chosen.isIndex) return { files: [first], variant: chosen.variant };
  const shards = [...new Set(readWeightMap(first).values())].sort(compareCodePoints);
  const absent = shards.find((shard) => !existsSync(join(folder, shard)));
  if (absent) {
    throw new AppError('bad-weights', `the shard ${absent} is missing`, {
      file: join(folder, absent),
      hint: 'Copy the whole folder again.',
    });
  }
  return { files: [first, ...shards.map((shard) => join(folder, shard))], variant: chosen.variant };
}

/** Opens a part's files; `rename` turns stored names into ours, null for what is no weight. */
export function openPart(
  { files }: PartFiles,
  rename: (stored: string) => string | null = (name) => name,
): WeightSource {
  const isSharded = files[0].endsWith('.json');
  const map = isSharded ? readWeightMap(files[0]) : null;
  const opened: SafetensorsFile[] = [];
  try {
    const entries = new Map<string, { file: SafetensorsFile; name: string }>();
    for (const path of isSharded ? files.slice(1) : files) {
      refuseForeignFile(path);
      const file = openSafetensors(path);
      opened.push(file);
      for (const stored of file.names) {
        const name = rename(stored);
        if (name === null || (map && !path.endsWith(map.get(stored) ?? path))) continue;
        entries.set(name, { file, name: stored });
      }
    }
    const absent = [...(map?.keys() ?? [])].find((stored) => {
      const name = rename(stored);
      return name !== null && !entries.has(name);
    });
    if (absent) throw new AppError('bad-weights', `no shard holds ${absent}`, { file: files[0] });
    return weightSource(opened, entries);
  } catch (error) {
    for (const file of opened) file.close();
    throw error;
  }
}
