// Who does what: the real services behind the handlers.

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
    packs: {
      list: async (folder) => (await packs()).list(folder),
      resolve: async (pack, folder) => (await packs()).resolve(pack, folder),
      inspect: async (pack) => (await packs()).inspect(pack),
    },
    devices: {
      list: async () => (await devices()).list(),
      profile: async () => (await devices()).profile(),
    },
    training: {
      async train(request, context) {
        const { trainSeas } = await import('./training/seas/train-seas.ts');
        return trainSeas(request, context);
      },
    },
    generation: {
      async *generate(request, context) {
        const { generationService } = await import('./sampling/generation-service.ts');
        yield* generationService.generate(request, context);
      },
    },
    exports: {
      write: async (job, signal) => (await exports()).write(job, signal),
      verify: async (folder, request) => (await exports()).verify(folder, request),
    },
    samples: {
      async render(folder, seed, signal) {
        const { sampleService } = await import('./datasets/sample-service.ts');
        return sampleService.render(folder, seed, signal);
      },
    },
    reports: {
      async write(job, signal) {
        const { reportService } = await import('./reports/service.ts');
        return reportService.write(job, signal);
      },
    },
  };
}

const packs = async () => (await import('./packs/pack-service.ts')).packService;
const devices = async () => (await import('./runtime/device-service.ts')).deviceService;
const exports = async () => (await import('./wiring/export-service.ts')).exportService;
