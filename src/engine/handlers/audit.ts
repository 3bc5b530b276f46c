// audit.list and audit.verify: what was done to a workspace, and whether the log of it is whole.

import { AppError } from '../../core/base/errors.ts';
import { readBackupHead } from '../backups/read-backup.ts';
import type { EngineContext } from '../engine-context.ts';
import { type AuditHead, auditHead, findAuditProblem, listAudit, listLastAudit } from '../store/audit.ts';

export async function listAuditLog(context: EngineContext, input: { last?: number }) {
  return context.reading(({ db }) => {
    const rows = input.last === undefined ? listAudit(db) : listLastAudit(db, input.last);
    const entries = rows.map(({ seq, time, event, hash }) => ({ seq, time, event: JSON.parse(event), hash }));
    return { total: auditHead(db).entries, entries };
  });
}

export async function verifyAuditLog(context: EngineContext, input: { noted?: AuditHead; backup?: string }) {
  const heads = input.noted === undefined ? [] : [input.noted];
  if (input.backup !== undefined) heads.push(await readBackupHead(input.backup));
  return context.reading(({ db }) => {
    for (const noted of [null, ...heads]) {
      const problem = findAuditProblem(db, noted);
      if (problem === null) continue;
      throw new AppError('corrupt', `the audit log was altered: ${problem.what}`, {
        file: db.file,
        hint: 'Somebody changed the database outside Flawsmith. Compare with a backup: flawsmith restore.',
      });
    }
    return { ...auditHead(db), since: listAudit(db)[0]?.time ?? null };
  });
}
