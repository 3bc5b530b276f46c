// Who does what: the real services behind the handlers. Anything not built yet says so when it is asked for.

import { AppError } from '../core/base/errors.ts';
import type { Services } from './services.ts';

/** The services of the product. Heavy modules (sharp, onnxruntime) are loaded when they are first needed. */
export function defaultServices(): Services {
  return {
    datasets: {
      async scan(source, options) {
        const { scanFolder } = await import('./datasets/index.ts');
        return scanFolder(source, options);
      },
    },
    packs: { list: missing('packs'), resolve: missing('packs'), inspect: missing('packs') },
    devices: { list: missing('devices'), profile: missing('devices') },
    training: { train: missing('training') },
    generation: {
      generate() {
        throw notBuilt('generation');
      },
    },
    exports: { write: missing('export'), verify: missing('verification') },
    samples: { render: missing('the sample product') },
    reports: { write: missing('reports') },
  };
}

function missing(what: string): () => Promise<never> {
  return () => Promise.reject(notBuilt(what));
}

function notBuilt(what: string): AppError {
  return new AppError('unsupported', `${what} is not part of this build yet`, {
    hint: 'Use a newer version of Flawsmith.',
  });
}
