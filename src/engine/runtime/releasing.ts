// Sessions that are released however the work with them ends.

export interface Releasable {
  release(): Promise<void>;
}

export type Hold = <R extends Releasable>(resource: R) => R;

/** Runs `work`; what it gives to `hold` is released afterwards, last first, whether it succeeds or throws. */
export async function releasing<T>(work: (hold: Hold) => Promise<T>): Promise<T> {
  const held: Releasable[] = [];
  try {
    return await work((resource) => {
      held.push(resource);
      return resource;
    });
  } finally {
    for (const resource of held.reverse()) await resource.release();
  }
}
