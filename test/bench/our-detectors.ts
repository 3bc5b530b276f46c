// Our side of the bench for detectors: the step that `trainDetector` makes, on random windows.

import { updateEma } from '../../src/core/autodiff/rates.ts';
import { differentiated, PLAIN_STEP } from '../../src/core/autodiff/step-program.ts';
import { namedRng } from '../../src/core/base/rng.ts';
import { isTrained } from '../../src/core/nets/batch-norm-layer.ts';
import { initialWeights } from '../../src/core/nets/init.ts';
import type { DetectorWindow } from '../../src/core/recipes/detector/window.ts';
import { PARTS } from '../../src/engine/detectors/batch.ts';
import type { DetectorMethod } from '../../src/engine/detectors/method.ts';
import { methodOf } from '../../src/engine/detectors/methods/index.ts';
import { DETECTOR_DEFAULTS } from '../../src/engine/detectors/settings.ts';
import { EMBEDDED_PACK } from '../../src/engine/packs/pack-service.ts';
import { loweringProfile } from '../../src/engine/runtime/lowering-profile.ts';
import { laneCount } from '../../src/engine/runtime/rows.ts';
import { tune } from '../../src/engine/runtime/tuner.ts';
import { createStep } from '../../src/engine/training/create-step.ts';
import type { DetectorCase } from './cases.ts';
import type { Prepared } from './our-side.ts';

function randomWindow(side: number, name: string): DetectorWindow {
  const rng = namedRng(0, name);
  const image = () => Float32Array.from({ length: 3 * side * side }, () => rng.uniform());
  const mask = Uint8Array.from({ length: side * side }, () => (rng.chance(0.1) ? 1 : 0));
  return { kind: 'generated', image: image(), clean: image(), mask };
}

export async function prepareDetector(c: DetectorCase, threads: number): Promise<Prepared> {
  const settings = DETECTOR_DEFAULTS[c.detector];
  const method = methodOf(c.detector, settings, EMBEDDED_PACK) as DetectorMethod;
  const rows = c.batch / PARTS;
  const program = method.step(rows);
  const parameters = new Map([...program.parameters].filter(([name]) => isTrained(name)));
  const lowerings = loweringProfile(
    (await tune([differentiated({ ...program, parameters })], new AbortController().signal)).choices,
  );
  const weights = initialWeights(program.table, (name) => namedRng(1, name));
  const own = Object.fromEntries([...parameters.keys()].map((name) => [name, weights[name]]));
  const average = Object.fromEntries(Object.entries(own).map(([name, w]) => [name, w.slice()]));
  const statistics = Object.fromEntries(Object.entries(weights).filter(([name]) => !isTrained(name)));
  const step = await createStep({ ...program, parameters }, own, {
    weightDecay: settings.weightDecay,
    maxNorm: 1,
    plan: { parts: PARTS, lanes: laneCount(PARTS, threads), form: PLAIN_STEP },
    compile: { threads, choice: lowerings },
  });
  await step.hold({ ...method.frozen, ...statistics });
  const batches = Array.from({ length: PARTS }, (_, part) => {
    const windows = Array.from({ length: rows }, (_, k) => randomWindow(c.side, `${part}/${k}`));
    return method.feeds(windows, 0);
  });
  return {
    lowerings,
    run: async () => {
      await step.step(batches, () => 1e-3);
      updateEma(average, own, settings.average);
    },
    release: () => step.release(),
  };
}
