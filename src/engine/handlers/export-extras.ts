// exports.drives, list, hold and eject: what surrounds the writing.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ExportFormat } from '../../core/formats/annotations/export-formats.ts';
import { ejectDrive } from '../drives/eject.ts';
import { listDrives } from '../drives/list-drives.ts';
import type { EngineContext } from '../engine-context.ts';
import { listExports } from '../store/exports.ts';
import { getProduct } from '../store/products.ts';
import { setHold } from './export-gate.ts';
import { toDriveInfo } from './export-preflight.ts';

export async function listDrivesHere() {
  return { drives: (await listDrives()).map(toDriveInfo) };
}

export function holdExport(context: EngineContext, { out, hold }: { out: string; hold: boolean }) {
  return { running: setHold(context, out, hold) };
}

export function eject({ mount }: { mount: string }) {
  return ejectDrive(mount);
}

interface Checked {
  at: number;
  ok: boolean;
  problem: string | null;
}

export async function listEarlierExports(context: EngineContext, { product }: { product?: string }) {
  return context.reading(({ db }) => {
    const rows = listExports(db).reverse();
    const named = rows.map((row) => ({ row, name: getProduct(db, row.productId)?.name ?? '' }));
    const exports = named
      .filter(({ name }) => product === undefined || name === product)
      .map(({ row, name }) => {
        const { id, format, folder, createdAt, summary } = row;
        const count = (key: string): number => Number(summary[key] ?? 0);
        return {
          id,
          product: name,
          format: format as ExportFormat,
          folder,
          createdAt,
          generated: count('generated'),
          real: count('real'),
          files: count('files'),
          bytes: count('bytes'),
          there: existsSync(join(folder, 'SHA256SUMS')),
          checked: (summary.checked as unknown as Checked | undefined) ?? null,
        };
      });
    return { exports };
  });
}
