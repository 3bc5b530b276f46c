// Proving that generated pictures help: the same detector trained on several training sets, tested on real pictures only.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { LEAK_KINDS, PROOF_PRESETS, VERDICTS } from '../../core/domain/proof.ts';
import { RUN_STATES, type RunStateName } from '../../core/domain/run.ts';
import { armSummary, metricValues, proofArm, stream } from '../events.ts';
import { deviceChoice, name, path, seed, shots, ulid } from '../fields.ts';

const interval = z.strictObject({ mean: z.number(), lo: z.number(), hi: z.number() });

const conclusion = z.strictObject({
  code: z.enum(VERDICTS),
  arm: proofArm.nullable(),
  points: interval.nullable(),
  rival: proofArm.nullable(),
});

const comparison = z.strictObject({ arm: proofArm, against: proofArm, points: interval });

const arms = z.partialRecord(proofArm, armSummary);

const pictureOfPair = z.strictObject({ id: ulid, file: z.string() });
const leak = z.strictObject({
  kind: z.enum(LEAK_KINDS),
  /** Seen in training. */
  training: pictureOfPair,
  test: pictureOfPair,
});

/** What a proof tests on, and with which pictures it trains. */
const split = z.strictObject({
  types: z.array(
    z.strictObject({
      type: z.string(),
      total: z.int(),
      shots: z.int(),
      validation: z.int(),
      test: z.int(),
      note: z.string().nullable(),
    }),
  ),
  /** Good pictures to train on, and to test on. */
  trainingNormals: z.int(),
  testNormals: z.int(),
  testDefects: z.int(),
  /** Test pictures left out because their part, or a copy of them, is trained on. */
  leftOut: z.int(),
  /** Whether physical parts are known; a report without says "parts unknown". */
  partsKnown: z.boolean(),
});

/** How good the generated pictures of one generator are, whatever a detector makes of them. */
const quality = z.strictObject({
  generator: z.string(),
  pictures: z.int(),
  /** Kernel distance to the real training windows on the base pack's features (not the papers' network); smaller is nearer. */
  kid: z.number().nullable(),
  /** IC-LPIPS-type diversity on the pack's features; larger is more varied. */
  diversity: z.number().nullable(),
  /** Share of pictures nearer to a training picture than training pictures are to each other. */
  memorised: z.number().nullable(),
  /** Mean share of the mask in which the picture visibly changed. */
  agreement: z.number().nullable(),
});

/** A test picture on which a generated arm found more, or less, of the defect than real only. */
const example = z.strictObject({
  picture: ulid,
  file: z.string(),
  type: z.string().nullable(),
  arm: proofArm,
  /** Change of the picture's IoU at the validation's threshold against real only, mean over seeds, in points. */
  points: z.number(),
  /** Picture, mask, real only's map, the arm's map side by side: a data URL of a JPEG. */
  strip: z.string(),
});

const params = z.strictObject({
  shots: z.int(),
  shotSeed: seed,
  seeds: z.int(),
  seed,
  preset: z.enum(PROOF_PRESETS),
  arms: z.array(proofArm),
});

const proofRow = z.strictObject({
  id: ulid,
  product: z.string(),
  state: z.enum(RUN_STATES as [RunStateName, ...RunStateName[]]),
  createdAt: z.int(),
  updatedAt: z.int(),
  params,
  cellsDone: z.int(),
  cells: z.int(),
  /** Null until it is done. */
  conclusion: conclusion.nullable(),
  verdict: z.string().nullable(),
  error: z.string().nullable(),
});

const reportFiles = z.strictObject({ html: path, pdf: path });

export const proveInput = z.union([
  z.strictObject({ resume: ulid, report: path.optional() }),
  z.strictObject({
    /** A folder of pictures to import first. Without it, a product of the workspace. */
    data: path.optional(),
    /** A workspace of the proof's own, made where it is not there; without it, the engine's. */
    folder: path.optional(),
    product: name.optional(),
    /** Names the physical part in a file's path; with `data` only. */
    groupBy: z.string().min(1).max(500).optional(),
    shots,
    shotSeed: seed.default(0),
    /** How many times fine-tune and detectors are trained, with other random numbers. */
    seeds: z.int().min(1).max(10).default(3),
    seed: seed.default(0),
    preset: z.enum(PROOF_PRESETS).default('balanced'),
    /** Without it, real, procedural, paste, windows, blend, and accepted where something is. */
    arms: z.array(proofArm).min(1).optional(),
    /** Leaves test pictures out that would leak, instead of refusing. */
    leaveOutLeaks: z.boolean().default(false),
    device: deviceChoice.optional(),
    /** Base pack by name or folder; without it, the embedded one. */
    pack: path.optional(),
    /** Numbers instead of the preset's. */
    settings: z
      .strictObject({
        fineTuneSteps: z.int().min(1).max(100_000),
        /** Generated pictures per generator and seed. */
        generated: z.int().min(1).max(10_000),
        /** How far `blend` goes from the pasted defect. */
        variation: z.number().min(0).max(1),
        detectorSteps: z.int().min(1).max(100_000),
      })
      .partial()
      .optional(),
    /** Where the report goes; without it, `reports` in the proof's workspace. */
    report: path.optional(),
  }),
]);

export const proveMethods = {
  /**
   * Starts a proof, goes on with one of the same parameters that stopped, or gives the result of one that is done. Every
   * `cell` event is a trained and tested detector, with the numbers so far. Pictures that leak are refused with the pair
   * (`bad-dataset`).
   */
  run: oc.input(proveInput).output(
    stream({
      runId: ulid,
      product: z.string(),
      workspace: z.string(),
      arms,
      comparisons: z.array(comparison),
      conclusion,
      verdict: z.string(),
      split,
      /** Time that the detectors took. */
      seconds: z.number(),
      report: reportFiles,
    }),
  ),

  /** Newest first. */
  list: oc
    .input(z.strictObject({ product: name.optional() }))
    .output(z.strictObject({ proofs: z.array(proofRow) })),

  /** All that is known of a proof; of one that runs or stopped, what its finished cells give. */
  get: oc.input(z.strictObject({ id: ulid })).output(
    proofRow.extend({
      split,
      arms,
      comparisons: z.array(comparison),
      results: z.array(z.strictObject({ arm: proofArm, seed, values: metricValues, seconds: z.number() })),
      quality: z.array(quality),
      /** Where it helped most, then where it hurt most; empty until it is done. */
      helped: z.array(example),
      hurt: z.array(example),
    }),
  ),

  /** What a proof of the product would use, and what speaks against it: shown before it is started. */
  check: oc.input(z.strictObject({ product: name.optional(), shots, shotSeed: seed.default(0) })).output(
    z.strictObject({
      product: z.string(),
      split,
      leaks: z.array(leak),
      /** Accepted generated pictures: `real+accepted` can be compared. */
      accepted: z.int(),
      /** Why it cannot be started, in one sentence; null where it can. */
      refusal: z.string().nullable(),
    }),
  ),

  /** Ends a proof that stopped: it cannot go on any more; what its detectors have shown stays. */
  end: oc.input(z.strictObject({ id: ulid })).output(z.strictObject({})),

  /** Writes `proof.html` and `proof.pdf` of a proof that is done into a folder. */
  report: oc.input(z.strictObject({ id: ulid, folder: path })).output(reportFiles),

  /** The report as one HTML text, for showing. */
  html: oc.input(z.strictObject({ id: ulid })).output(z.strictObject({ html: z.string() })),
};
