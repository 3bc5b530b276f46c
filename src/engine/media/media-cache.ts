// Keeps what was made for the screen beside the workspace's blobs: cache/aa/<content>-<view>. May be deleted any time.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { atomicWrite, makeFolder } from '../blobs/atomic-write.ts';

export class MediaCache {
  readonly #folder: string;
  readonly #making = new Map<string, Promise<string>>();

  /** `folder` is made when the first file is. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The file of that name, made once; two askers at the same time share the work. */
  file(name: string, make: () => Promise<Uint8Array>): Promise<string> {
    const target = join(this.#folder, name.slice(0, 2), name);
    if (existsSync(target)) return Promise.resolve(target);
    const going = this.#making.get(name);
    if (going !== undefined) return going;
    const task = this.#make(target, make).finally(() => this.#making.delete(name));
    this.#making.set(name, task);
    return task;
  }

  async #make(target: string, make: () => Promise<Uint8Array>): Promise<string> {
    const bytes = await make();
    await makeFolder(join(target, '..'));
    await atomicWrite(target, bytes);
    return target;
  }
}
