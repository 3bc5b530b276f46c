// One network of a Stable Diffusion pack, compiled with its weights in memory until it is released.

import { Builder } from '../../core/graph/builder.ts';
import { inputName, type Value } from '../../core/graph/value.ts';
import { Scope } from '../../core/nets/scope.ts';
import type { SdNetwork } from '../packs/sd-pack.ts';
import { readTable } from '../packs/weight-source.ts';
import { type CompileOptions, compile, type TensorData } from '../runtime/executable.ts';

/** Weights by state-dict name; what changes them (a LoRA, added tokens) does it in place. */
export type Weights = Record<string, Float32Array>;
export type ChangeWeights = (weights: Weights) => void;

export interface RunnableNetwork {
  run(feeds: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>>;
  release(): Promise<void>;
}

/**
 * Builds, loads and compiles a network. `build` may use parameters of another shape than the table's (added tokens);
 * `change` must then have made the weights fit.
 */
export async function openNetwork<C>(
  network: SdNetwork<C>,
  build: (s: Scope) => Readonly<Record<string, Value>>,
  options: CompileOptions,
  change: ChangeWeights = () => {},
): Promise<RunnableNetwork> {
  const s = new Scope(new Builder());
  const outputs = build(s);
  const source = network.open();
  let weights: Weights;
  try {
    weights = readTable(source, network.table);
  } finally {
    source.close();
  }
  change(weights);
  const parameters = Object.fromEntries(
    [...s.table].map(([name, value]) => [inputName(value), weights[name]]),
  );
  const executable = await compile({ outputs }, options);
  return {
    run: (feeds) => executable.run({ ...parameters, ...feeds }),
    release: () => executable.release(),
  };
}

/** Runs a network once and lets go of it. */
export async function runNetworkOnce<C>(
  network: SdNetwork<C>,
  build: (s: Scope) => Readonly<Record<string, Value>>,
  feeds: Readonly<Record<string, TensorData>>,
  options: CompileOptions,
  change?: ChangeWeights,
): Promise<Record<string, TensorData>> {
  const opened = await openNetwork(network, build, options, change);
  try {
    return await opened.run(feeds);
  } finally {
    await opened.release();
  }
}
