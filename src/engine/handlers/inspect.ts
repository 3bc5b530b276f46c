// inspect.inspect: pictures in, scores and maps out, with a threshold from good pictures.

import { createHash } from 'node:crypto';
import type { InspectedPicture } from '../../contract/methods/inspect.ts';
import { canonicalJson } from '../../core/domain/json.ts';
import { auroc } from '../../core/metrics/detection.ts';
import { rankScores } from '../../core/metrics/ranking.ts';
import { scoreThreshold } from '../../core/recipes/anomalysd/maps.ts';
import type { EngineContext } from '../engine-context.ts';
import { type WrittenPicture, writeInspection } from '../inspect/write-inspection.ts';
import type { InspectRequest, InspectSubject } from '../inspect-services.ts';
import { settleLabels } from '../labels/settle.ts';
import { EtaEstimator } from '../runs/eta.ts';
import type { RuntimeProfile } from '../services.ts';
import { appendAudit } from '../store/audit.ts';
import { findInspection, type InspectionRow, putInspection, setHeat } from '../store/inspections.ts';
import { ENGINE_VERSION } from '../version.ts';
import type { ReadableWorkspace, Workspace } from '../workspace.ts';
import type { Call } from './call.ts';
import { type InspectChoice, type Inspection, prepareInspection } from './inspect-request.ts';

export async function inspectionCost(context: EngineContext, input: InspectChoice, signal: AbortSignal) {
  return context.reading(async (workspace) => {
    const inspection = await prepareInspection(context, workspace, input, signal);
    return costOf(context, workspace, inspection, signal);
  });
}

export async function inspect(
  context: EngineContext,
  input: InspectChoice & { falseAlarms: number; out?: string },
  call: Call,
) {
  const workspace = await context.writable();
  await settleLabels(workspace, context.clock);
  const inspection = await prepareInspection(context, workspace, input, call.signal);
  const { request, subjects, goods, profile, model } = inspection;
  const log = (message: string) => call.emit({ event: 'log', level: 'info', message });
  const cost = await context.device.use(call.signal, () =>
    costOf(context, workspace, inspection, call.signal),
  );
  log(costText(cost, request.mode));
  const look = (phase: string, wanted: readonly InspectSubject[]) =>
    lookAt(context, workspace, { ...inspection, phase, wanted, runs: cost.runsPerWindow }, call);
  const goodRows = await look('good pictures', goods);
  const limit = scoreThreshold(
    goodRows.map((row) => row.score),
    input.falseAlarms,
  );
  const rows = await look('pictures', subjects);
  const perCode = await context.services.inspection.valuePerCode(request);
  const pictures: Written[] = [];
  for (const [i, row] of rows.entries()) {
    call.signal.throwIfAborted();
    const subject = subjects[i];
    const heat = await context.services.inspection.heat(
      subject,
      workspace.blobs.path(row.mapBlob),
      perCode,
      limit.value,
    );
    const { hash } = await workspace.blobs.put(heat);
    workspace.db.transaction(() => setHeat(workspace.db, row.id, hash));
    pictures.push({
      id: row.id,
      file: subject.file,
      picture: subject.id,
      sha256: row.sha256,
      width: row.width,
      height: row.height,
      score: row.score,
      anomalous: limit.value === null ? null : row.score > limit.value,
      windows: row.windows,
      label: subject.label,
      heat: hash,
      map: row.mapBlob,
    });
  }
  const threshold = { ...limit, falseAlarms: input.falseAlarms, goods: goods.length };
  if (limit.value === null) {
    call.emit({
      event: 'log',
      level: 'warn',
      message: 'there are no good pictures beside those it was trained on, so there is no threshold',
    });
  } else if (!limit.supported) {
    const need = Math.ceil(1 / input.falseAlarms) - 1;
    const message = `a false-alarm rate of ${input.falseAlarms} needs ${need} good pictures, there are ${goods.length}: the highest good score is the threshold`;
    call.emit({ event: 'log', level: 'warn', message });
  }
  const out =
    input.out === undefined
      ? null
      : await writeInspection(
          input.out,
          { pictures, threshold, perCode, mode: request.mode, model },
          (blob) => workspace.blobs.get(blob),
        );
  workspace.db.transaction(() =>
    appendAudit(workspace.db, context.clock.now(), {
      event: 'inspected',
      model,
      mode: request.mode,
      pictures: pictures.length,
      anomalous: pictures.filter((p) => p.anomalous).length,
      threshold: limit.value,
      falseAlarms: input.falseAlarms,
      device: profile.device,
    }),
  );
  return {
    model,
    product: inspection.product,
    mode: request.mode,
    threshold,
    cost,
    pictures: pictures.map(({ heat: _heat, map: _map, ...picture }) => picture),
    valuePerCode: perCode,
    imageAuroc: aurocOf(pictures),
    out,
  };
}

type Written = WrittenPicture & Omit<InspectedPicture, keyof WrittenPicture>;

/** What the numbers depend on beside the model and the picture. */
function wayOf({ mode, settings }: InspectRequest, profile: RuntimeProfile): string {
  const { device, deviceName, threads, runtimeVersion, loweringProfile } = profile;
  const way = {
    mode,
    settings,
    device: device === 'cpu' ? 'cpu' : deviceName,
    threads,
    runtimeVersion,
    loweringProfile,
    engineVersion: ENGINE_VERSION,
  };
  return createHash('sha256').update(canonicalJson(way)).digest('hex');
}

function knownRow(
  workspace: ReadableWorkspace,
  { request, profile }: Inspection,
  { sha256 }: Pick<InspectSubject, 'sha256'>,
): InspectionRow | undefined {
  const row = findInspection(workspace.db, request.tokenSet.id, wayOf(request, profile), sha256);
  return row !== undefined && workspace.blobs.has(row.mapBlob) ? row : undefined;
}

async function costOf(
  context: EngineContext,
  workspace: ReadableWorkspace,
  inspection: Inspection,
  signal: AbortSignal,
) {
  const { request, subjects, goods } = inspection;
  const all = [...goods, ...subjects];
  const open = all.filter((subject) => knownRow(workspace, inspection, subject) === undefined);
  const found = await context.services.inspection.cost({ ...request, subjects: open }, signal);
  return {
    pictures: subjects.length,
    goods: goods.length,
    known: all.length - open.length,
    ...found,
    seconds: found.windows * found.secondsPerWindow,
  };
}

function costText(cost: Awaited<ReturnType<typeof costOf>>, mode: string): string {
  const { windows, runsPerWindow, stepsPerRun, secondsPerWindow, seconds, known } = cost;
  const minutes = seconds < 90 ? `${Math.round(seconds)} s` : `${(seconds / 60).toFixed(1)} min`;
  const again = known > 0 ? `, ${known} pictures are known already` : '';
  return `${mode} mode: ${runsPerWindow} repairs of ${stepsPerRun} steps per window, about ${secondsPerWindow.toFixed(1)} s each; at most ${windows} windows, about ${minutes}${again}`;
}

interface Look extends Inspection {
  readonly phase: string;
  readonly wanted: readonly InspectSubject[];
  readonly runs: number;
}

/** Rows of all wanted pictures, in their order; what is not known is looked at and stored one by one. */
async function lookAt(
  context: EngineContext,
  workspace: Workspace,
  look: Look,
  call: Call,
): Promise<InspectionRow[]> {
  const { request, wanted, phase, profile } = look;
  const way = wayOf(request, profile);
  const missing = new Map<string, InspectSubject>();
  for (const subject of wanted)
    if (knownRow(workspace, look, subject) === undefined) missing.set(subject.sha256, subject);
  if (missing.size > 0) {
    const eta = new EtaEstimator();
    let [pictures, repairs] = [0, 0];
    const say = () => {
      const at = context.clock.now();
      const done = Math.min(missing.size, Math.max(pictures, repairs / look.runs));
      const etaSeconds = eta.secondsLeft(phase, done, missing.size, at);
      call.emit({ event: 'progress', phase, done, total: missing.size, etaSeconds, note: null });
    };
    say();
    await context.device.use(call.signal, () =>
      context.services.inspection.inspect(
        { ...request, subjects: [...missing.values()] },
        {
          signal: call.signal,
          onRepairs(made) {
            repairs += made;
            say();
          },
          async onPicture({ subject, map, ...facts }) {
            const { hash } = await workspace.blobs.put(map);
            const row = {
              id: context.clock.newId(),
              tokenSetId: request.tokenSet.id,
              way,
              sha256: subject.sha256,
              ...facts,
              mapBlob: hash,
              heatBlob: null,
              createdAt: context.clock.now(),
            };
            workspace.db.transaction(() => putInspection(workspace.db, row));
            pictures++;
            say();
          },
        },
      ),
    );
  }
  return wanted.map((subject) => knownRow(workspace, look, subject)!);
}

function aurocOf(pictures: readonly { label: 'good' | 'defect' | null; score: number }[]): number | null {
  const known = pictures.filter((p) => p.label !== null);
  const labels = known.map((p) => (p.label === 'defect' ? 1 : 0));
  if (!labels.includes(0) || !labels.includes(1)) return null;
  return auroc(rankScores([{ labels, scores: Float64Array.from(known, (p) => p.score) }]));
}
