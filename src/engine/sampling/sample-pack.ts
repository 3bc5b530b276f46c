// packs.sample: one picture of a Stable Diffusion pack, with LoRAs and embeddings where they are given.

import { encodePng } from '../imaging/index.ts';
import { refuseGuesses } from '../packs/sd-guesses.ts';
import { type SdPack, tokenizerOf } from '../packs/sd-pack.ts';
import { computeThreads } from '../runtime/device-service.ts';
import { LOWERING_PROFILE } from '../runtime/lowering-profile.ts';
import type { PackCall, PackSample, PackSampleRequest } from '../services.ts';
import { additionsFor } from '../weights/additions.ts';
import { textToImage } from './text-to-image.ts';

export async function samplePack(
  pack: SdPack,
  request: PackSampleRequest,
  call: PackCall,
): Promise<PackSample> {
  refuseGuesses(pack, 'sampling');
  const additions = additionsFor(pack, request.loras, request.embeddings);
  const { sampler, spacing, prompt, negative, steps, guidance, seed, width, height } = request;
  const choice = spacing === null ? { sampler } : { sampler, spacing };
  const made = await textToImage(
    pack,
    tokenizerOf(pack),
    { prompt, negative, sampler: choice, steps, guidance, seed, width, height },
    {
      threads: computeThreads(),
      choice: LOWERING_PROFILE,
      signal: call.signal,
      onStep: call.onProgress,
      additions,
    },
  );
  return {
    image: await encodePng(made.picture),
    width: made.picture.width,
    height: made.picture.height,
    scheduler: made.scheduler,
    timesteps: [...made.timesteps],
  };
}
