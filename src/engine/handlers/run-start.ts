// What training and generation share at their start: the identity of a new run, and the way back into an old one.

import { AppError } from '../../core/base/errors.ts';
import type { JsonObject } from '../../core/domain/json.ts';
import { isResumable, type RunKind } from '../../core/domain/run.ts';
import { identityDifference, type RunIdentity } from '../../core/domain/run-identity.ts';
import type { EngineContext } from '../engine-context.ts';
import type { PackInfo, RuntimeProfile } from '../services.ts';
import { rememberPack } from '../store/packs.ts';
import { getRun, type RunRow } from '../store/runs.ts';
import { ENGINE_VERSION } from '../version.ts';
import type { Workspace } from '../workspace.ts';

export interface IdentityInputs {
  method: string;
  /** Parameters as they define the result: names and hashes, no ids of this workspace. */
  params: JsonObject;
  seed: number;
  datasetRevision: string;
  pack: PackInfo;
  profile: RuntimeProfile;
}

export function identityOf(inputs: IdentityInputs): RunIdentity {
  return {
    method: inputs.method,
    params: inputs.params,
    seed: inputs.seed,
    datasetRevision: inputs.datasetRevision,
    packHash: inputs.pack.hash,
    engineVersion: ENGINE_VERSION,
    loweringProfile: inputs.profile.loweringProfile,
    threads: inputs.profile.threads,
    runtimeVersion: inputs.profile.runtimeVersion,
    ...(inputs.profile.device !== 'cpu' && {
      device: `${inputs.profile.device} ${inputs.profile.deviceName}`,
    }),
  };
}

/** The id under which the store knows the pack. */
export function packIdOf(workspace: Workspace, context: EngineContext, pack: PackInfo): string {
  const { clock } = context;
  const { name, kind, path, hash } = pack;
  return workspace.db.transaction(() =>
    rememberPack(workspace.db, { id: clock.newId(), name, kind, path, hash, createdAt: clock.now() }),
  );
}

/** A run that can go on; throws where there is none of that id and kind, or where it has ended. */
export function findResumable(workspace: Workspace, id: string, kind: RunKind): RunRow {
  const run = getRun(workspace.db, id);
  if (run === undefined || run.kind !== kind) {
    throw new AppError('not-found', `there is no ${kind} run ${id} in this workspace`, {
      hint: 'List the runs with: flawsmith info',
    });
  }
  if (!isResumable(run.state)) {
    throw new AppError('usage', `run ${id} is ${run.state.state}, there is nothing to resume`, {
      hint: run.state.state === 'done' ? 'It is complete.' : 'Start a new run instead.',
    });
  }
  return run;
}

/** A resumed run must give what it would have given: throws where anything it depends on has changed. */
export function assertSameIdentity(run: RunRow, now: RunIdentity): void {
  const difference = identityDifference(run.identityParts, now);
  if (difference === null) return;
  throw new AppError(
    'unsupported',
    `run ${run.id} cannot be resumed: ${difference} changed since it was started`,
    {
      hint: 'Start a new run; or put back what changed.',
    },
  );
}
