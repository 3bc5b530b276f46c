// What a proof keeps on disk between its parts: the folder proofs/RUN of the workspace, gone when the proof is done.

import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { atomicWrite, makeFolder } from '../blobs/atomic-write.ts';

export class Scratch {
  readonly folder: string;

  constructor(workspace: string, runId: string) {
    this.folder = join(workspace, 'proofs', runId);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  /** Whole or not at all. */
  async write(name: string, bytes: Uint8Array | string): Promise<void> {
    const target = this.path(name);
    await makeFolder(dirname(target));
    await atomicWrite(target, bytes);
  }

  read(name: string): Promise<Uint8Array> {
    return readFile(this.path(name));
  }

  async readJson<T>(name: string): Promise<T> {
    return JSON.parse(await readFile(this.path(name), 'utf8'));
  }

  remove(name: string): Promise<void> {
    return rm(this.path(name), { force: true, recursive: true });
  }

  removeAll(): Promise<void> {
    return rm(this.folder, { force: true, recursive: true });
  }

  /** Checkpoints of one training under one name: the newest replaces the one before. */
  checkpoints(name: string) {
    return {
      checkpoint: async (step: number, bytes: Uint8Array): Promise<void> => {
        const head = Buffer.alloc(8);
        head.writeDoubleLE(step);
        await this.write(name, Buffer.concat([head, bytes]));
      },
      lastCheckpoint: async (): Promise<{ step: number; bytes: Uint8Array } | null> => {
        if (!this.has(name)) return null;
        const stored = Buffer.from(await this.read(name));
        return { step: stored.readDoubleLE(0), bytes: new Uint8Array(stored.subarray(8)) };
      },
    };
  }
}
