// Opens one candidate and its mask in full and says what it really is.

import type { ErrorCode } from '../../core/base/errors.ts';
import { AppError } from '../../core/base/errors.ts';
import type { ImportItem, ImportProblem, ProblemAction } from '../../core/domain/import-report.ts';
import { safeTypeName } from '../../core/formats/annotations/type-name.ts';
import { decodeMask, decodePicture } from '../imaging/index.ts';
import type { Candidate } from './candidate.ts';
import { examineLabels } from './examine-labels.ts';
import { nameRemarks } from './name-remarks.ts';
import type { Tally } from './tally.ts';

/** The items (one per defect type), none where the picture was refused; problems are appended. */
export async function examine(
  candidate: Candidate,
  groupBy: RegExp | undefined,
  problems: ImportProblem[],
  tally: Tally,
): Promise<ImportItem[]> {
  const { file, absPath, mask } = candidate;
  const warn = (at: string, code: ErrorCode, message: string, hint: string, action?: ProblemAction): number =>
    problems.push({ file: at, code, level: 'warn', message, hint, ...(action && { action }) });
  try {
    const picture = await decodePicture(absPath, { name: file });
    for (const note of nameRemarks(file))
      warn(file, 'bad-dataset', note, 'Rename it before the next import.');
    for (const note of picture.notes)
      warn(file, 'bad-image', note, 'Nothing to do if this is meant.', 'repaired');
    if (candidate.remark !== null) warn(file, 'bad-dataset', candidate.remark.message, candidate.remark.hint);
    const { width, height, channels } = picture.raster;
    const item: ImportItem = {
      file,
      absPath,
      role: candidate.role,
      split: candidate.split,
      type: candidate.type === null ? null : safeTypeName(candidate.type),
      maskFile: null,
      maskAbsPath: null,
      maskPng: null,
      sha256: picture.sha256,
      width,
      height,
      channels,
      bitDepth: picture.bitDepth,
      maskAreaPx: null,
      group: groupOf(file, groupBy),
    };
    if (candidate.labels !== undefined) {
      const about = (message: string, hint: string): number => warn(file, 'bad-mask', message, hint);
      return await examineLabels(item, candidate.labels, about, tally);
    }
    if (mask === null) return [item];
    const decoded = await decodeMask(mask.absPath, picture.raster, { name: mask.file }).catch(
      (cause: unknown) => {
        if (cause instanceof AppError && cause.details.reason === 'empty') return null;
        throw cause;
      },
    );
    if (decoded === null) {
      if (candidate.role === 'normal') return [item];
      warn(
        mask.file,
        'bad-mask',
        'the mask is empty; its picture is taken as unlabelled',
        'Paint the defect white, or move the picture to a folder named good if it has none.',
        'repaired',
      );
      return [{ ...item, role: 'unlabelled' }];
    }
    if (candidate.role === 'normal') {
      throw new AppError(
        'bad-mask',
        `${file} lies among the good parts, but ${mask.file} marks a defect in it.`,
        {
          file,
          hint: 'Move the picture to a folder named after the defect, or delete the mask.',
        },
      );
    }
    for (const note of decoded.notes)
      warn(mask.file, 'bad-mask', note, 'Save masks as PNG with 0 and 255 to be safe.', 'repaired');
    return [{ ...item, maskFile: mask.file, maskAbsPath: mask.absPath, maskAreaPx: decoded.areaPx }];
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code === 'cancelled') throw cause;
    const { hint = '', file: at = file } = cause.details;
    problems.push({
      file: at === absPath ? file : at,
      code: cause.code,
      level: cause.details.reason === 'no-access' ? 'warn' : 'reject',
      message: cause.message,
      hint,
    });
    return [];
  }
}

/** First capture group, or the whole match; null where the expression does not match. */
function groupOf(file: string, groupBy: RegExp | undefined): string | null {
  if (groupBy === undefined) return null;
  const match = new RegExp(groupBy.source, groupBy.flags.replace(/[gy]/g, '')).exec(file);
  return match === null ? null : (match[1] ?? match[0]);
}
