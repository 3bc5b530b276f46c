// Reads the config.json of a network strictly: every key is checked once, and what is left over is refused.

import { AppError } from '../base/errors.ts';

export interface ConfigSource {
  /** Class the file must be for, `UNet2DConditionModel` for instance. */
  readonly className: string;
  /** Shown in messages. */
  readonly file?: string;
}

type Json = Readonly<Record<string, unknown>>;

/** One config.json. Each method takes a key, checks its value and throws bad-pack naming key, value and what works. */
export class ConfigReader {
  readonly #values: Json;
  readonly #source: ConfigSource;
  readonly #left: Set<string>;

  constructor(json: unknown, source: ConfigSource) {
    this.#source = source;
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      throw new AppError('bad-pack', `the configuration of ${source.className} is not a JSON object`, {
        file: source.file,
      });
    }
    this.#values = json as Json;
    this.#left = new Set(Object.keys(json).filter((key) => !key.startsWith('_')));
    if (this.#values._class_name !== undefined && this.#values._class_name !== source.className)
      this.refuse('_class_name', source.className);
  }

  refuse(key: string, supported: string): never {
    const value = JSON.stringify(this.#values[key]);
    throw new AppError(
      'bad-pack',
      `${this.#source.className}: ${key} = ${value} is not supported; supported: ${supported}`,
      { file: this.#source.file, key, hint: 'This model cannot be used here. Choose another base model.' },
    );
  }

  /** The raw value, or `fallback` where the key is absent; null stays null. */
  #take(key: string, fallback: unknown): unknown {
    this.#left.delete(key);
    const value = this.#values[key];
    return value === undefined ? fallback : value;
  }

  /** One of a few values (compared by ===). */
  oneOf<T>(key: string, fallback: T, allowed: readonly T[]): T {
    const value = this.#take(key, fallback) as T;
    if (!allowed.includes(value)) this.refuse(key, allowed.map((v) => JSON.stringify(v)).join(', '));
    return value;
  }

  /** Whole number of at least `min`. */
  integer(key: string, fallback: number, min = 1): number {
    const value = this.#take(key, fallback);
    if (!isInteger(value, min)) this.refuse(key, `a whole number of at least ${min}`);
    return value;
  }

  integerOrNull(key: string, fallback: number | null, min = 1): number | null {
    return this.#take(key, fallback) === null ? null : this.integer(key, fallback ?? min, min);
  }

  number(key: string, fallback: number): number {
    const value = this.#take(key, fallback);
    if (typeof value !== 'number' || !Number.isFinite(value)) this.refuse(key, 'a number');
    return value;
  }

  boolean(key: string, fallback: boolean): boolean {
    return this.oneOf(key, fallback, [true, false]);
  }

  /** List of whole numbers of at least 1. */
  integers(key: string, fallback: readonly number[]): number[] {
    const value = this.#take(key, fallback);
    if (!Array.isArray(value) || value.length === 0 || !value.every((v) => isInteger(v, 1)))
      this.refuse(key, 'a list of whole numbers of at least 1');
    return [...value];
  }

  /** One whole number for all, or a list of `length`. */
  integerPerBlock(key: string, fallback: number, length: number): number[] {
    const value = this.#take(key, fallback);
    if (!Array.isArray(value)) return new Array<number>(length).fill(this.integer(key, fallback));
    const list = this.integers(key, []);
    if (list.length !== length) this.refuse(key, `a whole number, or a list of ${length}`);
    return list;
  }

  /** List of names out of `allowed`, of a given length if one is given. */
  names<T extends string>(key: string, fallback: readonly T[], allowed: readonly T[], length?: number): T[] {
    const value = this.#take(key, fallback);
    const known = (v: unknown): boolean => (allowed as readonly unknown[]).includes(v);
    if (!Array.isArray(value) || !value.every(known)) this.refuse(key, `a list of ${allowed.join(', ')}`);
    if (length !== undefined && value.length !== length) this.refuse(key, `a list of ${length} names`);
    return [...value] as T[];
  }

  /** Keys that say nothing about the arithmetic. */
  ignore(...keys: readonly string[]): void {
    for (const key of keys) this.#left.delete(key);
  }

  /** Refuses every key that nobody asked for: it may change the arithmetic. */
  finish(): void {
    for (const key of this.#left) this.refuse(key, 'no such key');
  }
}

function isInteger(value: unknown, min: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min;
}
