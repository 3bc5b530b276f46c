// Workspaces with one damaged, missing or foreign file: looked at, checked, repaired, imported into.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../../src/core/base/errors.ts';
import type { Rng } from '../../../src/core/base/rng.ts';
import { doctor } from '../../../src/engine/handlers/doctor.ts';
import { workspaceInfo } from '../../../src/engine/handlers/workspace-info.ts';
import { openReadableStore } from '../../../src/engine/store/open-store.ts';
import { damageBytes } from '../mutate-bytes.ts';
import { damageText } from '../mutate-text.ts';
import { copyFolder, engineOn, importInto, makeWorkspace, silentCall } from '../seed-folder.ts';
import { once, type Place, target } from '../target.ts';

interface Damage {
  /** Relative to the workspace. */
  readonly file: string;
  /** null: the file is removed. */
  readonly bytes: Uint8Array | null;
}

const LOCK = JSON.stringify({ pid: 1, host: 'elsewhere', started: 1, since: 1 });

/** The valid workspace and its source, made once per process beside the inputs' own folders. */
const seed = once(async (): Promise<{ workspace: string; source: string; files: string[] }> => {
  const base = join(process.cwd(), 'seed');
  const [workspace, source] = [join(base, 'workspace'), join(base, 'source')];
  if (!existsSync(workspace)) {
    mkdirSync(base, { recursive: true });
    await makeWorkspace(workspace, source);
  }
  const files = readdirSync(workspace, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(workspace, file)).isFile())
    .sort();
  return { workspace, source, files };
});

/** Some text that SQLite stores as it is: damage there passes every check of the file format. */
function damageStoredText(bytes: Uint8Array, rng: Rng, place: Place): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1');
  const runs = [...text.matchAll(/[\x20-\x7e]{6,}/g)];
  const found = rng.pick(runs);
  const other = Buffer.from(damageText(found[0], rng, place)).subarray(0, found[0].length);
  const out = bytes.slice();
  out.set(other, found.index);
  return out;
}

async function make(rng: Rng, place: Place): Promise<Damage> {
  const { workspace, files } = await seed();
  if (rng.chance(0.15)) {
    const file = rng.pick([
      'flawsmith.lock',
      'flawsmith.db-wal',
      'flawsmith.db-journal',
      'flawsmith.db-shm',
      'blobs/aa',
    ]);
    const bytes = file.endsWith('.lock')
      ? Buffer.from(damageText(LOCK, rng, place))
      : damageBytes(Buffer.alloc(4096, 7), rng);
    return { file, bytes: new Uint8Array(bytes) };
  }
  const file = rng.chance(0.75) ? 'flawsmith.db' : rng.pick(files);
  if (rng.chance(0.05)) return { file, bytes: null };
  const bytes = new Uint8Array(readFileSync(join(workspace, file)));
  if (file !== 'flawsmith.db') return { file, bytes: damageBytes(bytes, rng) };
  return {
    file,
    bytes: rng.chance(0.5)
      ? damageStoredText(bytes, rng, place)
      : damageBytes(bytes, rng, rng.chance(0.7) ? 100 : 0),
  };
}

async function layOut({ file, bytes }: Damage, folder: string): Promise<string> {
  const { workspace, source } = await seed();
  rmSync(folder, { recursive: true, force: true });
  copyFolder(workspace, folder);
  const path = join(folder, file);
  if (bytes === null) rmSync(path, { force: true });
  else if (!existsSync(path) || statSync(path).isFile()) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  return source;
}

/** Each step may refuse; the next is tried all the same. */
async function refusable(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}

export const workspace = target<Damage>({
  name: 'workspace',
  firstStage: 'the database opens',
  weight: 4,
  make,
  async passes(input, { inside }) {
    const folder = join(inside, 'workspace');
    await layOut(input, folder);
    openReadableStore(join(folder, 'flawsmith.db')).close();
    return true;
  },
  async run(input, { inside }) {
    const folder = join(inside, 'workspace');
    const source = await layOut(input, folder);
    const context = engineOn(folder);
    try {
      await refusable(() => workspaceInfo(context));
      await refusable(() => doctor(context, { repair: false }, silentCall()));
      await refusable(() => doctor(context, { repair: true }, silentCall()));
      await refusable(() => importInto(context, source));
      await refusable(() => workspaceInfo(context));
    } finally {
      await context.close();
    }
  },
});
