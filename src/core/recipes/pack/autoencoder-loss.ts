// Loss of the embedded pack's autoencoder (embedded-pack.md section 4): L1 + 0.5 gradient L1 + 1e-4 KL.

import type { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import { packDecode, packEncode } from '../../nets/pack-autoencoder.ts';
import type { Scope } from '../../nets/scope.ts';

const GRADIENT_WEIGHT = 0.5;
const KL_WEIGHT = 1e-4;

const meanAbs = (b: Builder, x: Value) => b.mean(b.abs(x), 'all');

/** Mean |difference| of neighbours at distances 1 and 2 along both axes, of x [N,C,H,W]. */
function gradientL1(b: Builder, x: Value): Value {
  const terms: Value[] = [];
  for (const axis of [2, 3]) {
    for (const d of [1, 2]) {
      const n = x.shape[axis] - d;
      terms.push(meanAbs(b, b.sub(b.narrow(x, axis, d, n), b.narrow(x, axis, 0, n))));
    }
  }
  return b.mul(
    terms.reduce((p, q) => b.add(p, q)),
    1 / terms.length,
  );
}

/** image [N,3,S,S] in [-1,1]; noise [N,4,S/4,S/4] ~ N(0,1). */
export function autoencoderLoss(
  s: Scope,
  image: Value,
  noise: Value,
): { loss: Value; terms: Record<string, Value> } {
  const { b } = s;
  const { mean, logVariance } = packEncode(s, image);
  const latent = b.add(mean, b.mul(noise, b.exp(b.mul(logVariance, 0.5))));
  const error = b.sub(packDecode(s, latent).image, image);
  const l1 = meanAbs(b, error);
  const gradient = gradientL1(b, error);
  const variance = b.exp(logVariance);
  const kl = b.mul(b.mean(b.sub(b.add(b.square(mean), variance), b.add(logVariance, 1)), 'all'), 0.5);
  const loss = b.add(b.add(l1, b.mul(gradient, GRADIENT_WEIGHT)), b.mul(kl, KL_WEIGHT));
  return { loss, terms: { l1, gradient, kl } };
}
