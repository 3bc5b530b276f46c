// The program of one micro-batch of the fine-tune, and what of it is trained.

import type { StepProgram } from '../../../core/autodiff/step-program.ts';
import type { Value } from '../../../core/graph/value.ts';
import { TOKEN_TABLE } from '../../../core/nets/clip-text-model.ts';
import { withAdapters } from '../../../core/recipes/adapters.ts';
import { LATENT } from '../../../core/recipes/pack/condition.ts';
import type { DenoiseNetworks } from '../../../core/recipes/pack/denoise-loss.ts';
import { type WindowProgram, windowProgram } from '../../../core/recipes/seas/window-program.ts';
import type { SeasPreset } from './preset.ts';

export const TABLE = `text/${TOKEN_TABLE}`;
export type Rows = SeasPreset['rows'];

/** Without good pictures every row shows defects. */
export function rowsFor({ rows }: SeasPreset, hasNormals: boolean): Rows {
  const { windows, anomalies, normals } = rows;
  return hasNormals ? rows : { windows: windows + normals, anomalies, normals: 0 };
}

/** Numbers of equal micro-batches the rows can be divided into: two first (they run side by side), then more, then one. */
export function partsOf({ windows, anomalies, normals }: Rows): number[] {
  const even = (n: number) => [windows, anomalies, normals].every((rows) => rows % n === 0);
  const several = Array.from({ length: anomalies }, (_, i) => i + 1).filter((n) => n > 1 && even(n));
  return [...several, 1];
}

export const divided = ({ windows, anomalies, normals }: Rows, parts: number): Rows => ({
  windows: windows / parts,
  anomalies: anomalies / parts,
  normals: normals / parts,
});

export interface FineTuneShape {
  /** Of one micro-batch. */
  readonly rows: Rows;
  readonly tokensPerPrompt: number;
  readonly preset: SeasPreset;
  /** 0 trains the whole U-Net, else low-rank adapters of this rank. */
  readonly adapterRank: number;
}

export interface FineTuneProgram {
  readonly program: WindowProgram;
  readonly trained: StepProgram;
  /** Adapters among the trained parameters. */
  readonly adapters: ReadonlyMap<string, Value>;
}

/** Trained are the whole U-Net or adapters on it, and the token table; the rest is frozen (methods.md 1.4). */
export function fineTuneProgram(networks: DenoiseNetworks, shape: FineTuneShape): FineTuneProgram {
  const { rows, tokensPerPrompt, preset, adapterRank } = shape;
  const program = windowProgram(networks, {
    rows,
    latentSize: LATENT,
    promptLength: networks.text.maxPositions,
    tokensPerPrompt,
    form: preset.form,
    alignment: preset.alignment,
  });
  if (adapterRank === 0) {
    const parameters = new Map([...program.parameters].filter(([n]) => n.startsWith('unet/') || n === TABLE));
    return { program, trained: { ...program, parameters }, adapters: new Map() };
  }
  const { loss, terms, boundaries, parameters } = program;
  const kept = Object.fromEntries(boundaries.map((v, i) => [`boundary ${i}`, v]));
  const adapted = withAdapters({ loss, ...terms, ...kept }, adapterRank, (n) => n.startsWith('unet/'));
  const { b, outputs, adapters } = adapted;
  const table = b.input(TABLE, (parameters.get(TABLE) as Value).shape);
  const trained = {
    b,
    loss: outputs.loss,
    terms: Object.fromEntries(Object.keys(terms).map((name) => [name, outputs[name]])),
    boundaries: boundaries.map((_, i) => outputs[`boundary ${i}`]),
    parameters: new Map([...adapters, [TABLE, table]]),
  };
  return { program, trained, adapters };
}
