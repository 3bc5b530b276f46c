// What a preset of SeaS on whole pictures means. As published, updates grow with the number of defect types.

import type { AttentionForm } from '../../../core/recipes/seas/attention-maps.ts';
import {
  type SeasPictureSettings,
  seasPictureSettings,
} from '../../../core/recipes/seas/picture-settings.ts';
import type { TrainRequest } from '../../services.ts';

export interface PicturePreset {
  readonly steps: number;
  readonly maskSteps: number;
  /** Pictures of one update. */
  readonly anomalies: number;
  readonly normals: number;
  /** Pictures of one update of the mask network. */
  readonly maskRows: { readonly anomalies: number; readonly normals: number };
  /** Doublings of the mask network's map beyond the latent grid. */
  readonly refinements: number;
  readonly form: AttentionForm;
}

/** `best` is the released schedule: 800 updates per type of two micro-batches of 2 + 2 pictures, masks of full size. */
const PRESETS = {
  quick: { perType: 50, pictures: 1, masks: 1, refinements: 1 },
  balanced: { perType: 200, pictures: 2, masks: 2, refinements: 2 },
  best: { perType: 800, pictures: 4, masks: 2, refinements: 3 },
} as const;

type Asked = Pick<TrainRequest, 'preset' | 'steps' | 'types' | 'attention' | 'normals' | 'settings'>;

/** `refinements` is bounded by what the decoder doubles. */
export function picturePreset(
  request: Asked,
  doublings: number,
): { preset: PicturePreset; settings: SeasPictureSettings } {
  const settings = seasPictureSettings(request.settings);
  const { perType, pictures, masks, refinements } = PRESETS[request.preset];
  const usual = perType * request.types.length;
  const steps = request.steps ?? usual;
  const anomalies = settings.anomalies || pictures;
  const normals = settings.normals || anomalies;
  const maskAnomalies = settings.maskAnomalies || masks;
  const hasGood = request.normals.length > 0;
  return {
    settings,
    preset: {
      steps,
      // Published: as many as the U-Net's.
      maskSteps: settings.maskSteps || steps,
      // Without good pictures every row shows a defect.
      anomalies: hasGood ? anomalies : anomalies + normals,
      normals: hasGood ? normals : 0,
      maskRows: {
        anomalies: maskAnomalies,
        normals: hasGood ? settings.maskNormals || maskAnomalies : 0,
      },
      refinements: Math.min(settings.maskRefinements || refinements, doublings),
      form: request.attention,
    },
  };
}

/** Numbers of equal micro-batches an update can be divided into: two first (they run side by side), then more, then one. */
export function partsOf({ anomalies, normals }: Pick<PicturePreset, 'anomalies' | 'normals'>): number[] {
  const several = Array.from({ length: anomalies }, (_, i) => i + 1).filter(
    (n) => n > 1 && anomalies % n === 0 && normals % n === 0,
  );
  return [...several, 1];
}
