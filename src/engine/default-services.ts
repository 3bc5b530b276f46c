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
      resolve: async (...given) => (await packs()).resolve(...given),
      inspect: async (...given) => (await packs()).inspect(...given),
      add: async (...given) => (await packs()).add(...given),
      remove: async (...given) => (await packs()).remove(...given),
      sample: async (...given) => (await packs()).sample(...given),
    },
    weights: {
      async write(job, signal) {
        const { weightsService } = await import('./weights/export-service.ts');
        return weightsService.write(job, signal);
      },
    },
    devices: {
      list: async () => (await devices()).list(),
      profile: async (choice) => (await devices()).profile(choice),
    },
    training: {
      outline: async (request) => (await training()).outline(request),
      lowerings: async (...given) => (await training()).lowerings(...given),
      plan: async (...given) => (await training()).plan(...given),
      train: async (...given) => (await training()).train(...given),
    },
    generation: {
      async *generate(request, context) {
        const { generationService } = await import('./sampling/generation-service.ts');
        yield* generationService.generate(request, context);
      },
    },
    inspection: {
      cost: async (...given) => (await inspection()).cost(...given),
      inspect: async (...given) => (await inspection()).inspect(...given),
      heat: async (...given) => (await inspection()).heat(...given),
      valuePerCode: async (request) => (await inspection()).valuePerCode(request),
      files: async (...given) => (await inspection()).files(...given),
    },
    detectors: {
      train: async (...given) => (await detectors()).train(...given),
    },
    exports: {
      write: async (job, signal) => (await exports()).write(job, signal),
      forecast: async (job, signal) => (await exports()).forecast(job, signal),
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
const training = async () => (await import('./training/training-service.ts')).trainingService;
const inspection = async () => (await import('./inspect/inspect-service.ts')).inspectService;
const detectors = async () => (await import('./detectors/product/detector-service.ts')).detectorService;
const devices = async () => (await import('./runtime/device-service.ts')).deviceService;
const exports = async () => (await import('./wiring/export-service.ts')).exportService;
