// exports.preflight: what an export would meet, before anything is written.

import { constants, existsSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { LONGEST_WINDOWS_PATH, limitsOf } from '../../core/domain/file-systems.ts';
import type { Drive } from '../drives/drive.ts';
import { listDrives, mountOf } from '../drives/list-drives.ts';
import type { EngineContext } from '../engine-context.ts';
import { safeName } from '../exports/safe-name.ts';
import type { ExportForecast } from '../services.ts';
import { chooseProduct } from './choose-product.ts';
import { type ExportContents, gatherExport } from './export.ts';

interface PreflightInput extends ExportContents {
  parent: string;
  name: string;
}

type Level = 'stop' | 'warn';

interface Finding<Code extends string = string> {
  level: Level;
  code: Code;
  file: string | null;
  other: string | null;
  count: number | null;
  limit: number | null;
}

export async function preflightExport(
  context: EngineContext,
  input: PreflightInput,
  signal: AbortSignal = new AbortController().signal,
) {
  return context.reading(async (workspace) => {
    const product = chooseProduct(workspace.db, input.product);
    const parent = resolve(input.parent);
    const out = join(parent, input.name || '_');
    const { job, leftOut } = gatherExport(workspace, product, { ...input, out });
    // Where the system does not tell its drives, what they cannot hold is not known either.
    const drive = mountOf(parent, await listDrives().catch(() => []));
    const forecast = await context.services.exports.forecast(job, signal);
    const empty = job.generated.length + job.real.length === 0;
    const findings = [
      ...(empty ? [stop('nothing')] : []),
      ...(input.parts !== 'real' && job.generated.length === 0 && leftOut === 0
        ? [stop('none-accepted')]
        : []),
      ...(leftOut > 0 ? [warn('left-out', { count: leftOut })] : []),
      ...(await targetFindings(parent, input.name, context.folder)),
      ...contentFindings(forecast, job.generated.length + job.real.length),
      ...(drive === null ? [] : driveFindings(forecast, drive, out)),
    ];
    return {
      out,
      generated: job.generated.length,
      real: job.real.length,
      bytes: forecast.bytes,
      drive: drive === null ? null : toDriveInfo(drive),
      findings,
    };
  });
}

export function toDriveInfo({ device: _, ...drive }: Drive) {
  return drive;
}

async function targetFindings(parent: string, name: string, workspace: string) {
  const findings: Finding<'bad-name' | 'no-folder' | 'not-writable' | 'exists' | 'in-workspace'>[] = [];
  const legal = safeName(name);
  if (name !== legal) findings.push(stop('bad-name', { file: name, other: legal === '_' ? null : legal }));
  const info = await stat(parent).catch(() => null);
  if (info === null || !info.isDirectory()) return [...findings, stop('no-folder', { file: parent })];
  const inside = relative(resolve(workspace), parent);
  if (!inside.startsWith('..') && inside !== resolve(parent))
    findings.push(stop('in-workspace', { file: parent }));
  const writable = await access(parent, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable) findings.push(stop('not-writable', { file: parent }));
  if (name === legal && existsSync(join(parent, name)))
    findings.push(stop('exists', { file: join(parent, name), other: freeName(parent, name) }));
  return findings;
}

function freeName(parent: string, name: string): string {
  for (let n = 2; ; n++) {
    if (!existsSync(join(parent, `${name}-${n}`))) return `${name}-${n}`;
  }
}

function contentFindings(forecast: ExportForecast, pictures: number) {
  const { noMask, holes, severalTypes, noValidation, renamed } = forecast;
  const findings: Finding<'no-mask' | 'holes' | 'several-types' | 'no-validation' | 'renamed'>[] = [];
  if (noMask !== null) findings.push(stop('no-mask', { file: noMask.file, count: noMask.count }));
  if (holes !== null && holes.pictures > 0)
    findings.push(warn('holes', { count: holes.pictures, limit: holes.of }));
  if (severalTypes > 0) findings.push(warn('several-types', { count: severalTypes }));
  if (noValidation > 0) findings.push(warn('no-validation', { count: noValidation }));
  if (renamed !== null)
    findings.push(
      warn('renamed', { count: renamed.count, limit: pictures, file: renamed.from, other: renamed.to }),
    );
  return findings;
}

/** What the drive's file system cannot hold. */
export function driveFindings(
  forecast: Pick<ExportForecast, 'bytes' | 'largest' | 'fullest' | 'longest'>,
  drive: Pick<Drive, 'fileSystem' | 'freeBytes' | 'totalBytes' | 'removable' | 'mount'>,
  out: string,
) {
  const { largest, fullest, longest, bytes } = forecast;
  const { largestFile, folderEntries, windows } = limitsOf(drive.fileSystem);
  const findings: Finding<'space' | 'file-size' | 'folder-size' | 'long-path'>[] = [];
  // Some network drives do not tell their space.
  if (drive.totalBytes > 0 && drive.freeBytes < bytes)
    findings.push(stop('space', { file: drive.mount, count: bytes, limit: drive.freeBytes }));
  if (largestFile !== null && largest !== null && largest.bytes > largestFile)
    findings.push(stop('file-size', { file: largest.file, count: largest.bytes, limit: largestFile }));
  if (folderEntries !== null && fullest !== null && fullest.names > folderEntries)
    findings.push(stop('folder-size', { file: fullest.folder, count: fullest.names, limit: folderEntries }));
  const letters = out.length + 1 + longest.length;
  if (windows && letters > LONGEST_WINDOWS_PATH)
    findings.push(warn('long-path', { file: longest, count: letters, limit: LONGEST_WINDOWS_PATH }));
  return findings;
}

function stop<Code extends string>(code: Code, about: Partial<Finding> = {}): Finding<Code> {
  return finding('stop', code, about);
}

function warn<Code extends string>(code: Code, about: Partial<Finding> = {}): Finding<Code> {
  return finding('warn', code, about);
}

function finding<Code extends string>(
  level: Level,
  code: Code,
  { file = null, other = null, count = null, limit = null }: Partial<Finding>,
): Finding<Code> {
  return { level, code, file, other, count, limit };
}
