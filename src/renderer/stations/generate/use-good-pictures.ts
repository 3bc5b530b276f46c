// The good pictures that may carry new defects: those outside the test split, or all where there is no other.

import { useQuery } from '../../api/index.ts';

/** So many are offered for painting and choosing. */
const MOST = 500;

export function useGoodPictures(product: string) {
  const { data } = useQuery(['pictures', 'good', product], ({ engine, signal }) =>
    engine.pictures.page({ product, filter: { role: 'normal' }, limit: MOST }, { signal }),
  );
  const all = data?.pictures ?? [];
  const usable = all.filter(({ split }) => split !== 'test');
  return usable.length > 0 ? usable : all;
}

export type GoodPicture = ReturnType<typeof useGoodPictures>[number];
