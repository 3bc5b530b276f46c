// Inspection with a trained model: its cost, and maps and scores picture by picture.

import type { Mask, Raster, Rect } from '../../core/image/raster.ts';
import { openBackbone } from '../backbones/open-backbone.ts';
import { paintedForeground } from '../datasets/material.ts';
import { decodePicture, encodePng } from '../imaging/index.ts';
import type { InspectRequest, InspectService, InspectSubject } from '../inspect-services.ts';
import { openCompute } from '../runtime/compute.ts';
import type { RunDevice } from '../services.ts';
import { joinMaps, windowsOf, windowTasks } from './inspect-picture.ts';
import { WindowInspector, type WindowTask } from './inspect-windows.ts';
import { inspectedFiles } from './inspected-files.ts';
import { heatRaster, mapRaster, valuePerCode } from './map-files.ts';
import { type InspectionModel, openInspectionModel, settingsOfModel } from './open-model.ts';
import { differenceTaps } from './patch-networks.ts';
import { runsPerWindow } from './plan-runs.ts';

/** Windows that are worked on together, so that no pass of the networks is half empty. */
const WINDOWS_TOGETHER = 8;

interface Opened {
  readonly subject: InspectSubject;
  readonly raster: Raster;
  readonly foreground: Mask | null;
  readonly rects: readonly Rect[];
  readonly tasks: readonly WindowTask[];
}

async function open(subject: InspectSubject, model: InspectionModel): Promise<Opened> {
  const { raster } = await decodePicture(subject.path, { name: subject.file });
  const foreground = await paintedForeground(subject, raster, model.kind);
  const rects = windowsOf(raster, foreground, model);
  const tasks = windowTasks(raster, rects, subject.sha256, model);
  return { subject, raster, foreground, rects, tasks };
}

async function withModel<T>(
  request: Pick<InspectRequest, 'tokenSet' | 'pack' | 'settings'> & { device: RunDevice },
  mode: InspectRequest['mode'],
  work: (inspector: WindowInspector) => Promise<T>,
): Promise<T> {
  const compute = openCompute(request.device);
  try {
    const model = openInspectionModel(request.tokenSet, request.pack, request.settings);
    const inspector = await WindowInspector.create(model, mode, compute.options);
    try {
      return await work(inspector);
    } finally {
      await inspector.release();
    }
  } finally {
    await compute.close();
  }
}

export const inspectService: InspectService = {
  cost(request, signal) {
    return withModel(request, request.mode, async (inspector) => {
      const { model } = inspector;
      const runs = runsPerWindow(model.settings, request.mode, model.prompts.levels.length);
      return {
        windows: request.subjects.reduce((n, s) => n + windowsOf(s, null, model).length, 0),
        runsPerWindow: runs,
        stepsPerRun: inspector.stepsPerRun,
        secondsPerWindow: (await inspector.secondsPerRepair(signal)) * runs,
      };
    });
  },

  inspect(request, call) {
    return withModel(request, request.mode, async (inspector) => {
      const { model } = inspector;
      const perCode = valuePerCode(
        differenceTaps(model.backbone, model.settings.difference),
        model.settings.difference,
      );
      for (let at = 0; at < request.subjects.length; ) {
        const group: Opened[] = [];
        for (let windows = 0; at < request.subjects.length && windows < WINDOWS_TOGETHER; at++) {
          call.signal.throwIfAborted();
          const opened = await open(request.subjects[at], model);
          group.push(opened);
          windows += opened.tasks.length;
        }
        const maps = await inspector.maps(
          group.flatMap((o) => o.tasks),
          call.signal,
          call.onRepairs,
        );
        let from = 0;
        for (const { subject, raster, foreground, rects } of group) {
          const own = maps.slice(from, from + rects.length);
          from += rects.length;
          const joined = joinMaps(raster, rects, own, foreground, model);
          const picture = mapRaster(joined.map, raster.width, raster.height, perCode);
          await call.onPicture({
            subject,
            width: raster.width,
            height: raster.height,
            windows: rects.length,
            score: joined.score,
            map: await encodePng(picture),
          });
        }
      }
    });
  },

  async heat(picture, map, perCode, threshold) {
    const [{ raster }, { raster: codes }] = await Promise.all([
      decodePicture(picture.path, { name: picture.file }),
      decodePicture(map, { name: 'map' }),
    ]);
    return encodePng(heatRaster(raster, codes, perCode, threshold));
  },

  async valuePerCode({ tokenSet, pack, settings }) {
    const { difference } = settingsOfModel(tokenSet, settings);
    return valuePerCode(differenceTaps(openBackbone(pack), difference), difference);
  },

  async files(paths, signal) {
    const subjects: InspectSubject[] = [];
    for (const path of await inspectedFiles(paths)) {
      signal.throwIfAborted();
      const { raster, sha256 } = await decodePicture(path);
      subjects.push({ file: path, path, sha256, width: raster.width, height: raster.height });
    }
    return subjects;
  },
};
