// The handlers as an exhaustive record over the contract: a method without one, or a wrong result, does not compile.

import { createRouterClient, implement } from '@orpc/server';
import { contract } from '../../contract/contract.ts';
import type { EngineContext } from '../engine-context.ts';
import { listAuditLog, verifyAuditLog } from './audit.ts';
import { backup, restore } from './backup.ts';
import { answerBlind, listBlind, startBlind } from './blind.ts';
import { type Call, plainCall, streamCall, watchCall } from './call.ts';
import { runDemo } from './demo.ts';
import { trainProductDetector } from './detectors.ts';
import { listDevices } from './devices.ts';
import { doctor } from './doctor.ts';
import { exportDataset } from './export.ts';
import { eject, holdExport, listDrivesHere, listEarlierExports } from './export-extras.ts';
import { preflightExport } from './export-preflight.ts';
import { verifyExport } from './export-verify.ts';
import { generate } from './generate.ts';
import { keepStopped, learnedSets, predictTime } from './generate-extras.ts';
import { importDataset } from './import.ts';
import { inspect, inspectionCost } from './inspect.ts';
import { inspectionModels } from './inspect-request.ts';
import { startJob, stopJob } from './jobs.ts';
import { addType, changeType, labelTypes, removeType } from './label-types.ts';
import {
  appendStep,
  labelNeighbour,
  labelQueue,
  nearestPicture,
  openLabel,
  setLabelHead,
  settleLabel,
} from './labels.ts';
import { locateMedia } from './media.ts';
import { addPack, inspectPack, listPacks, removePack, samplePack } from './packs.ts';
import { pictureFacts } from './picture-facts.ts';
import { getPicture, pagePictures } from './picture-pages.ts';
import { outline, paintedLast, paintPlacement } from './placement-paint.ts';
import { preparePictures, waitingPictures } from './prepare-pictures.ts';
import { prove } from './prove.ts';
import { endProof } from './prove-end.ts';
import { checkProof, getProof, listProofs, proofHtml, writeProofReport } from './prove-queries.ts';
import { recreate } from './recreate.ts';
import { replacePicture } from './replace.ts';
import { decide, getReviewed, listPictures } from './review.ts';
import { maskOf, nearestReal, repair } from './review-pictures.ts';
import { redoReview, reviewSteps, undoReview } from './review-steps.ts';
import { importSample } from './sample.ts';
import {
  mendSplits,
  nameParts,
  setSplit,
  splitByRule,
  splitOverview,
  togetherWith,
  turnSplits,
} from './splits.ts';
import { train } from './train.ts';
import { measureTraining, predictTraining, trainMethods } from './train-forecast.ts';
import { preflightTraining } from './train-preflight.ts';
import { keepTraining, trainingRuns, watchTraining } from './train-runs.ts';
import { allUiState, storeUiState } from './ui-state.ts';
import { exportWeights } from './weights.ts';
import { workspaceInfo } from './workspace-info.ts';
import { initWorkspace } from './workspace-init.ts';

/** Lets the engine follow a call: it gets the call's signal joined with its own, and waits for the call when it closes. */
export type Track = <T>(
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
) => Promise<T>;

export function createRouter(context: EngineContext, track: Track, closing: AbortSignal) {
  const os = implement(contract);
  const short = <R>(signal: AbortSignal | undefined, work: () => Promise<R>) =>
    plainCall(() => track(signal, work));
  const long = <R extends object>(signal: AbortSignal | undefined, work: (call: Call) => Promise<R>) =>
    streamCall(signal ?? new AbortController().signal, (call) =>
      track(call.signal, (joined) => work({ ...call, signal: joined })),
    );

  const endless = <E>(signal: AbortSignal | undefined, watch: (signal: AbortSignal) => AsyncGenerator<E>) =>
    watchCall(signal ?? new AbortController().signal, closing, watch);

  const self = (): unknown => createRouterClient(router);

  const router = os.router({
    workspace: {
      init: os.workspace.init.handler(({ signal }) => short(signal, () => initWorkspace(context))),
      info: os.workspace.info.handler(({ signal }) => short(signal, () => workspaceInfo(context))),
      doctor: os.workspace.doctor.handler(({ input, signal }) =>
        long(signal, (call) => doctor(context, input, call)),
      ),
      backup: os.workspace.backup.handler(({ input, signal }) =>
        long(signal, (call) => backup(context, input, call)),
      ),
      restore: os.workspace.restore.handler(({ input, signal }) =>
        long(signal, (call) => restore(context, input, call)),
      ),
    },
    audit: {
      list: os.audit.list.handler(({ input, signal }) => short(signal, () => listAuditLog(context, input))),
      verify: os.audit.verify.handler(({ input, signal }) =>
        short(signal, () => verifyAuditLog(context, input)),
      ),
    },
    datasets: {
      import: os.datasets.import.handler(({ input, signal }) =>
        long(signal, (call) => importDataset(context, input, call)),
      ),
      sample: os.datasets.sample.handler(({ input, signal }) =>
        long(signal, (call) => importSample(context, input, call)),
      ),
    },
    training: {
      methods: os.training.methods.handler(({ signal }) => short(signal, async () => trainMethods())),
      predict: os.training.predict.handler(({ input, signal }) =>
        short(signal, () => predictTraining(context, input)),
      ),
      measure: os.training.measure.handler(({ input, signal }) =>
        long(signal, (call) => measureTraining(context, input, call)),
      ),
      preflight: os.training.preflight.handler(({ input, signal }) =>
        short(signal, () => preflightTraining(context, input)),
      ),
      runs: os.training.runs.handler(({ input, signal }) =>
        short(signal, () => trainingRuns(context, input)),
      ),
      watch: os.training.watch.handler(({ input, signal }) =>
        short(signal, () => watchTraining(context, input)),
      ),
      keep: os.training.keep.handler(({ input, signal }) =>
        short(signal, () => keepTraining(context, input)),
      ),
      train: os.training.train.handler(({ input, signal }) =>
        long(signal, (call) => train(context, input, call)),
      ),
    },
    generation: {
      generate: os.generation.generate.handler(({ input, signal }) =>
        long(signal, (call) => generate(context, input, call)),
      ),
      recreate: os.generation.recreate.handler(({ input, signal }) =>
        long(signal, (call) => recreate(context, input, call)),
      ),
      replace: os.generation.replace.handler(({ input, signal }) =>
        long(signal, (call) => replacePicture(context, input, call)),
      ),
      learned: os.generation.learned.handler(({ input, signal }) =>
        short(signal, () => learnedSets(context, input)),
      ),
      predict: os.generation.predict.handler(({ input, signal }) =>
        short(signal, () => predictTime(context, input)),
      ),
      paintPlacement: os.generation.paintPlacement.handler(({ input, signal }) =>
        short(signal, () => paintPlacement(context, input)),
      ),
      painted: os.generation.painted.handler(({ input, signal }) =>
        short(signal, () => paintedLast(context, input)),
      ),
      outline: os.generation.outline.handler(({ input, signal }) =>
        short(signal, () => outline(context, input)),
      ),
      keep: os.generation.keep.handler(({ input, signal }) =>
        short(signal, () => keepStopped(context, input)),
      ),
    },
    review: {
      decide: os.review.decide.handler(({ input, signal }) => short(signal, () => decide(context, input))),
      list: os.review.list.handler(({ input, signal }) => short(signal, () => listPictures(context, input))),
      get: os.review.get.handler(({ input, signal }) => short(signal, () => getReviewed(context, input))),
      steps: os.review.steps.handler(({ input, signal }) => short(signal, () => reviewSteps(context, input))),
      undo: os.review.undo.handler(({ input, signal }) => short(signal, () => undoReview(context, input))),
      redo: os.review.redo.handler(({ input, signal }) => short(signal, () => redoReview(context, input))),
      nearest: os.review.nearest.handler(({ input, signal }) =>
        short(signal, () => nearestReal(context, input)),
      ),
      repair: os.review.repair.handler(({ input, signal }) => short(signal, () => repair(context, input))),
      mask: os.review.mask.handler(({ input, signal }) => short(signal, () => maskOf(context, input))),
      blind: {
        start: os.review.blind.start.handler(({ input, signal }) =>
          short(signal, () => startBlind(context, input)),
        ),
        answer: os.review.blind.answer.handler(({ input, signal }) =>
          short(signal, () => answerBlind(context, input)),
        ),
        list: os.review.blind.list.handler(({ input, signal }) =>
          short(signal, () => listBlind(context, input)),
        ),
      },
    },
    exports: {
      drives: os.exports.drives.handler(({ signal }) => short(signal, () => listDrivesHere())),
      preflight: os.exports.preflight.handler(({ input, signal }) =>
        short(signal, () => preflightExport(context, input, signal)),
      ),
      list: os.exports.list.handler(({ input, signal }) =>
        short(signal, () => listEarlierExports(context, input)),
      ),
      hold: os.exports.hold.handler(({ input, signal }) =>
        short(signal, async () => holdExport(context, input)),
      ),
      eject: os.exports.eject.handler(({ input, signal }) => short(signal, () => eject(input))),
      export: os.exports.export.handler(({ input, signal }) =>
        long(signal, (call) => exportDataset(context, input, call)),
      ),
      verify: os.exports.verify.handler(({ input, signal }) =>
        long(signal, (call) => verifyExport(context, input, call)),
      ),
    },
    packs: {
      list: os.packs.list.handler(({ signal }) => short(signal, () => listPacks(context))),
      inspect: os.packs.inspect.handler(({ input, signal }) =>
        short(signal, () => inspectPack(context, input)),
      ),
      add: os.packs.add.handler(({ input, signal }) => long(signal, (call) => addPack(context, input, call))),
      remove: os.packs.remove.handler(({ input, signal }) => short(signal, () => removePack(context, input))),
      sample: os.packs.sample.handler(({ input, signal }) =>
        long(signal, (call) => samplePack(context, input, call)),
      ),
    },
    weights: {
      export: os.weights.export.handler(({ input, signal }) =>
        long(signal, (call) => exportWeights(context, input, call)),
      ),
    },
    devices: {
      list: os.devices.list.handler(({ signal }) => short(signal, () => listDevices(context))),
    },
    demo: {
      run: os.demo.run.handler(({ input, signal }) => long(signal, (call) => runDemo(context, input, call))),
    },
    detectors: {
      train: os.detectors.train.handler(({ input, signal }) =>
        long(signal, (call) => trainProductDetector(context, input, call)),
      ),
    },
    prove: {
      run: os.prove.run.handler(({ input, signal }) => long(signal, (call) => prove(context, input, call))),
      list: os.prove.list.handler(({ input, signal }) => short(signal, () => listProofs(context, input))),
      get: os.prove.get.handler(({ input, signal }) => short(signal, () => getProof(context, input))),
      check: os.prove.check.handler(({ input, signal }) =>
        short(signal, () => checkProof(context, input, signal ?? new AbortController().signal)),
      ),
      end: os.prove.end.handler(({ input, signal }) => short(signal, () => endProof(context, input))),
      report: os.prove.report.handler(({ input, signal }) =>
        short(signal, () => writeProofReport(context, input)),
      ),
      html: os.prove.html.handler(({ input, signal }) => short(signal, () => proofHtml(context, input))),
    },
    pictures: {
      page: os.pictures.page.handler(({ input, signal }) =>
        short(signal, () => pagePictures(context, input)),
      ),
      get: os.pictures.get.handler(({ input, signal }) => short(signal, () => getPicture(context, input))),
      facts: os.pictures.facts.handler(({ input, signal }) =>
        short(signal, () => pictureFacts(context, input)),
      ),
    },
    splits: {
      overview: os.splits.overview.handler(({ input, signal }) =>
        short(signal, () => splitOverview(context, input)),
      ),
      set: os.splits.set.handler(({ input, signal }) => short(signal, () => setSplit(context, input))),
      rule: os.splits.rule.handler(({ input, signal }) => short(signal, () => splitByRule(context, input))),
      parts: os.splits.parts.handler(({ input, signal }) => short(signal, () => nameParts(context, input))),
      mend: os.splits.mend.handler(({ input, signal }) => short(signal, () => mendSplits(context, input))),
      together: os.splits.together.handler(({ input, signal }) =>
        short(signal, () => togetherWith(context, input)),
      ),
      undo: os.splits.undo.handler(({ input, signal }) =>
        short(signal, () => turnSplits(context, input, 'undo')),
      ),
      redo: os.splits.redo.handler(({ input, signal }) =>
        short(signal, () => turnSplits(context, input, 'redo')),
      ),
      waiting: os.splits.waiting.handler(({ input, signal }) =>
        short(signal, () => waitingPictures(context, input)),
      ),
      prepare: os.splits.prepare.handler(({ input, signal }) =>
        long(signal, (call) => preparePictures(context, input, call)),
      ),
    },
    labels: {
      types: os.labels.types.handler(({ input, signal }) => short(signal, () => labelTypes(context, input))),
      addType: os.labels.addType.handler(({ input, signal }) => short(signal, () => addType(context, input))),
      changeType: os.labels.changeType.handler(({ input, signal }) =>
        short(signal, () => changeType(context, input)),
      ),
      removeType: os.labels.removeType.handler(({ input, signal }) =>
        short(signal, () => removeType(context, input)),
      ),
      queue: os.labels.queue.handler(({ input, signal }) => short(signal, () => labelQueue(context, input))),
      neighbour: os.labels.neighbour.handler(({ input, signal }) =>
        short(signal, () => labelNeighbour(context, input)),
      ),
      open: os.labels.open.handler(({ input, signal }) => short(signal, () => openLabel(context, input))),
      append: os.labels.append.handler(({ input, signal }) =>
        short(signal, () => appendStep(context, input)),
      ),
      setHead: os.labels.setHead.handler(({ input, signal }) =>
        short(signal, () => setLabelHead(context, input)),
      ),
      settle: os.labels.settle.handler(({ input, signal }) =>
        short(signal, () => settleLabel(context, input)),
      ),
      nearest: os.labels.nearest.handler(({ input, signal }) =>
        short(signal, () => nearestPicture(context, input)),
      ),
    },
    inspect: {
      models: os.inspect.models.handler(({ input, signal }) =>
        short(signal, () => inspectionModels(context, input)),
      ),
      cost: os.inspect.cost.handler(({ input, signal }) =>
        short(signal, () => inspectionCost(context, input, signal ?? new AbortController().signal)),
      ),
      inspect: os.inspect.inspect.handler(({ input, signal }) =>
        long(signal, (call) => inspect(context, input, call)),
      ),
    },
    media: {
      locate: os.media.locate.handler(({ input, signal }) =>
        short(signal, () => locateMedia(context, input)),
      ),
    },
    jobs: {
      start: os.jobs.start.handler(({ input, signal }) =>
        short(signal, async () => startJob(context, input, self)),
      ),
      stop: os.jobs.stop.handler(({ input, signal }) => short(signal, async () => stopJob(context, input))),
      watch: os.jobs.watch.handler(({ signal }) => endless(signal, (s) => context.jobs.watch(s))),
      follow: os.jobs.follow.handler(({ input, signal }) =>
        endless(signal, (s) => context.jobs.follow(input.id, s)),
      ),
    },
    uiState: {
      all: os.uiState.all.handler(({ signal }) => short(signal, () => allUiState(context))),
      put: os.uiState.put.handler(({ input, signal }) => short(signal, () => storeUiState(context, input))),
    },
  });
  return router;
}
