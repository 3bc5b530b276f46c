// Refuses a model whose files do not tell what its arithmetic needs.

import { AppError } from '../../core/base/errors.ts';
import type { SdPack } from './sd-pack.ts';

/** A wrong number of heads makes noise of every picture: better to say so. Throws bad-pack. */
export function refuseGuesses(pack: SdPack, what: string): void {
  if (pack.assumed.length === 0 || pack.assumed.every((text) => text.startsWith('scheduler'))) return;
  throw new AppError('bad-pack', `the file does not tell what ${what} needs: ${pack.assumed.join('; ')}`, {
    file: pack.path,
    hint: 'Give a diffusers folder of the same model with --with FOLDER: its config.json files tell.',
  });
}
