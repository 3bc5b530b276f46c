// Parameter-free building blocks shared by networks, losses and parity checks: (b, ...values) => value.

export * from './functional/activations.ts';
export * from './functional/batch-norm.ts';
export * from './functional/losses.ts';
export * from './functional/pooling.ts';
export * from './functional/resample.ts';
export * from './functional/ssim.ts';
export * from './functional/statistics.ts';
