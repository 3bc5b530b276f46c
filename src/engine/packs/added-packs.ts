// Stable Diffusion packs of a workspace: adding, finding, checking and forgetting them.

import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import type { AddPackRequest, PackCall, PackInfo, PackReading } from '../services.ts';
import { assertUnchanged, contentHash, markFiles } from './content-hash.ts';
import { findLicence } from './licence.ts';
import {
  listRegistrations,
  PACK_NAME,
  packName,
  type Registration,
  readRegistration,
  removeRegistration,
  writeRegistration,
} from './pack-registry.ts';
import { sdTitle } from './sd-inspect.ts';
import { openSdPack, type SdPack } from './sd-pack.ts';

/** Words of the command line, and the pack that is always there. */
const RESERVED: ReadonlySet<string> = new Set(['embedded', 'list', 'inspect', 'add', 'remove', 'sample']);

function infoOf(entry: Registration, problem: string | null): PackInfo {
  const { name, path, hash, workingSize, licence, kind, with: companion, variant } = entry;
  const what = `Stable Diffusion 1.x ${kind}`;
  const reading = { with: companion, variant };
  return { name, kind: 'folder', path, hash, workingSize, licence, problem, what, reading };
}

function entryOf(folder: string | null, name: string): Registration {
  const entry = readRegistration(folder, name);
  if (entry) return entry;
  throw new AppError('not-found', `there is no pack "${name}"`, {
    hint: 'List the packs with: flawsmith packs',
  });
}

/** Every added pack; one that cannot be used says why. */
export async function listAdded(folder: string | null): Promise<PackInfo[]> {
  const listed: PackInfo[] = [];
  for (const name of listRegistrations(folder)) {
    try {
      const entry = entryOf(folder, name);
      const problem = await assertUnchanged(entry.files).then(() => null, problemOf);
      listed.push(infoOf(entry, problem));
    } catch (error) {
      const problem = problemOf(error);
      listed.push({ name, kind: 'folder', path: '', hash: '', workingSize: 0, licence: '', problem });
    }
  }
  return listed;
}

function problemOf(error: unknown): string {
  if (!(error instanceof AppError)) throw error;
  return `${error.message}${error.details.file ? ` (${error.details.file})` : ''}`;
}

/** An added pack by its name or by its path; null where there is none. */
export function findAdded(folder: string | null, reference: string): Registration | null {
  const own = readRegistration(folder, reference);
  if (own) return own;
  const path = resolve(reference);
  const entries = listRegistrations(folder).map((name) => readRegistration(folder, name));
  return entries.find((entry) => entry?.path === path) ?? null;
}

/** The pack's description, after checking that its files are what they were. */
export async function checkedInfo(entry: Registration): Promise<PackInfo> {
  await assertUnchanged(entry.files);
  return infoOf(entry, null);
}

/** A model that was not added, described from its headers; with `hash` its files are read through. */
export async function looseInfo(path: string, reading: PackReading, hash: boolean): Promise<PackInfo> {
  const pack = openSdPack({ path, ...reading });
  return {
    name: packName(basename(path)),
    kind: 'folder',
    path,
    hash: hash ? contentHash(await markFiles(pack.files)) : '',
    workingSize: pack.workingSize,
    licence: findLicence(path).title,
    problem: null,
    what: sdTitle(pack),
    reading,
  };
}

/** Opens a pack as it was added, or as `reading` says where it was not. */
export async function openFound(
  entry: Registration | null,
  path: string,
  reading: PackReading,
): Promise<SdPack> {
  if (!entry) return openSdPack({ path, ...reading });
  await assertUnchanged(entry.files);
  return openSdPack(entry);
}

/** A name that is free, or the wanted one; a name in use is refused unless it is the same pack again. */
function freeName(folder: string, request: AddPackRequest): string {
  const { name: wanted, path } = request;
  if (wanted !== null && (!PACK_NAME.test(wanted) || RESERVED.has(wanted))) {
    throw new AppError('usage', `a pack cannot be called "${wanted}"`, {
      hint: 'Use letters, digits, dots, dashes and underlines, at most 80.',
    });
  }
  const base = wanted ?? packName(basename(path));
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base.slice(0, 74)}-${n}`;
    const taken = RESERVED.has(name) || listRegistrations(folder).includes(name);
    const own = taken ? readRegistration(folder, name) : null;
    if (!taken || own?.path === path) return name;
    if (wanted !== null) {
      throw new AppError('usage', `there is a pack "${name}" already`, {
        hint: 'Choose another --name, or remove it first.',
      });
    }
  }
}

/** Reads the files once for their hashes and remembers them. */
export async function addPack(
  request: AddPackRequest,
  folder: string,
  call: PackCall,
): Promise<{ info: PackInfo; pack: SdPack }> {
  const { with: companion, variant } = request;
  const path = resolve(request.path);
  if (statSync(path, { throwIfNoEntry: false }) === undefined)
    throw new AppError('not-found', 'there is no such file or folder', {
      file: path,
      hint: 'Check the path.',
    });
  const name = freeName(folder, { ...request, path });
  const pack = openSdPack({ path, with: companion, variant });
  const files = await markFiles(pack.files, call);
  const entry: Registration = {
    version: 1,
    name,
    path,
    with: companion === null ? null : resolve(companion),
    variant,
    kind: pack.kind,
    hash: contentHash(files),
    workingSize: pack.workingSize,
    licence: findLicence(path).title,
    files,
  };
  await writeRegistration(folder, entry);
  return { info: infoOf(entry, null), pack };
}

/** Forgets a pack, also one whose note is damaged. */
export function removePack(name: string, folder: string): string {
  let path = '';
  try {
    path = entryOf(folder, name).path;
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'corrupt')) throw error;
  }
  removeRegistration(folder, name);
  return path;
}
