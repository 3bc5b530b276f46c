// CLIPTextModel: token and position embeddings, causal transformer of any depth (0 included), final norm.

import { invariant } from '../base/errors.ts';
import type { Builder } from '../graph/builder.ts';
import type { Value } from '../graph/value.ts';
import type { ClipTextConfig } from './clip-text-config.ts';
import { quickGelu } from './functional.ts';
import { attention, layerNorm, linear, mergeHeads, splitHeads } from './layers.ts';
import type { Scope } from './scope.ts';

export { type ClipTextConfig, parseClipTextConfig } from './clip-text-config.ts';

/** State-dict name of the token table, the only part of the text encoder that SeaS trains. */
export const TOKEN_TABLE = 'text_model.embeddings.token_embedding.weight';

export interface ClipTextResult {
  /** [N,L,D], after the final norm: what the U-Net is given. */
  readonly lastHiddenState: Value;
  /** layers + 1 values [N,L,D]: the embeddings, then each layer's output (before the final norm). */
  readonly hiddenStates: readonly Value[];
  /** [N,D]: last hidden state at the first end-of-text token. */
  readonly poolerOutput: Value;
}

/** Added to attention logits: 0 up to the diagonal, minus a billion after it. [1,1,L,L] */
function causalMask(b: Builder, length: number): Value {
  const mask = Float32Array.from({ length: length * length }, (_, i) =>
    i % length > Math.floor(i / length) ? -1e9 : 0,
  );
  return b.constant(mask, [1, 1, length, length]);
}

/** encoder.layers.i: pre-norm self-attention (biases everywhere) and a two-layer perceptron. */
function encoderLayer(s: Scope, x: Value, mask: Value, config: ClipTextConfig): Value {
  const { b } = s;
  const { hiddenSize, intermediateSize, heads, normEps } = config;
  const normed = layerNorm(s.at('layer_norm1'), x, normEps);
  const at = s.at('self_attn');
  const [q, k, v] = ['q_proj', 'k_proj', 'v_proj'].map((name) =>
    splitHeads(s, linear(at.at(name), normed, hiddenSize), heads),
  );
  const attended = linear(at.at('out_proj'), mergeHeads(s, attention(s, q, k, v, mask)), hiddenSize);
  const h = b.add(x, attended);
  const inner = linear(s.at('mlp.fc1'), layerNorm(s.at('layer_norm2'), h, normEps), intermediateSize);
  const activated = config.activation === 'gelu' ? b.gelu(inner) : quickGelu(b, inner);
  return b.add(h, linear(s.at('mlp.fc2'), activated, hiddenSize));
}

/** Row of the first end-of-text token of every prompt; zeros if a prompt has none. */
function poolFirstEos(b: Builder, hidden: Value, inputIds: Value, eos: number): Value {
  const [n, l, d] = hidden.shape;
  const isEos = b.cast(b.equal(b.cast(inputIds, 'float32'), eos), 'float32');
  const strictlyBefore = Float32Array.from({ length: l * l }, (_, i) => (Math.floor(i / l) < i % l ? 1 : 0));
  const before = b.matmul(isEos, b.constant(strictlyBefore, [l, l]));
  const first = b.mul(isEos, b.sub(1, b.minimum(before, 1)));
  return b.reshape(b.matmul(b.reshape(first, [n, 1, l]), hidden), [n, d]);
}

export interface ClipTextOptions {
  /** Rows that follow the vocabulary in the token table. */
  readonly addedTokens?: number;
  /** A token whose row is this value [D] instead of the table's: the only thing textual inversion trains. */
  readonly replaced?: { readonly id: number; readonly row: Value };
}

/** Rows of the tokens, [N,L,D]. */
function tokenRows(b: Builder, table: Value, inputIds: Value, replaced: ClipTextOptions['replaced']): Value {
  const rows = b.gather(table, inputIds);
  if (!replaced) return rows;
  const isReplaced = b.equal(b.cast(inputIds, 'float32'), replaced.id);
  return b.where(b.reshape(isReplaced, [...inputIds.shape, 1]), replaced.row, rows);
}

/**
 * inputIds [N,L] int32, L at most maxPositions.
 * No padding mask, as in Stable Diffusion. Parameter names start with `text_model.` (see legacy-names.ts).
 */
export function clipTextModel(
  root: Scope,
  inputIds: Value,
  config: ClipTextConfig,
  options: ClipTextOptions = {},
): ClipTextResult {
  const s = root.at('text_model');
  const { b } = s;
  const { hiddenSize, vocabSize, maxPositions, layers, normEps } = config;
  const [, length] = inputIds.shape;
  invariant(length <= maxPositions, `${length} tokens in a text encoder of ${maxPositions} positions`);
  const at = s.at('embeddings');
  const table = at.param('token_embedding.weight', [vocabSize + (options.addedTokens ?? 0), hiddenSize]);
  const positions = at.param('position_embedding.weight', [maxPositions, hiddenSize]);
  const tokens = tokenRows(b, table, inputIds, options.replaced);
  let x = b.add(tokens, b.narrow(positions, 0, 0, length));
  const hiddenStates = [x];
  const mask = causalMask(b, length);
  for (let i = 0; i < layers; i++) {
    x = encoderLayer(s.at(`encoder.layers.${i}`), x, mask, config);
    hiddenStates.push(x);
  }
  const lastHiddenState = layerNorm(s.at('final_layer_norm'), x, normEps);
  const poolerOutput = poolFirstEos(b, lastHiddenState, inputIds, config.eosTokenId);
  return { lastHiddenState, hiddenStates, poolerOutput };
}
