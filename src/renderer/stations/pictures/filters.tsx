// Which pictures are shown: all, good ones, unlabelled ones, one defect type; a split; part of a name.

import type { ProductInfo } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Segmented } from '../../ui/index.ts';
import type { PictureFilter } from './use-pages.ts';

export interface FiltersProps {
  product: ProductInfo;
  filter: PictureFilter;
  onFilter(filter: PictureFilter): void;
}

const SPLITS = ['train', 'validation', 'test'] as const;

export function Filters({ product, filter, onFilter }: FiltersProps) {
  const t = useTexts('pictures');
  const kinds = [
    { value: 'all', label: t.all },
    { value: 'normal', label: `${t.roles.normal} ${product.normals}` },
    ...(product.unlabelled > 0
      ? [{ value: 'unlabelled', label: `${t.roles.unlabelled} ${product.unlabelled}` }]
      : []),
    ...product.types.map(({ name, pictures }) => ({ value: `type:${name}`, label: `${name} ${pictures}` })),
  ];
  const kind = filter.type !== undefined ? `type:${filter.type}` : (filter.role ?? 'all');
  const choose = (value: string): void => {
    const rest = { split: filter.split, text: filter.text };
    if (value.startsWith('type:')) onFilter({ ...rest, type: value.slice('type:'.length) });
    else onFilter(value === 'all' ? rest : { ...rest, role: value as 'normal' | 'unlabelled' });
  };
  return (
    <>
      {kinds.length <= 8 ? (
        <Segmented label={t.show} value={kind} options={kinds} onValue={choose} />
      ) : (
        <select
          className="select pictures-select"
          aria-label={t.show}
          value={kind}
          onChange={(e) => choose(e.target.value)}
        >
          {kinds.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      )}
      <select
        className="select pictures-select"
        aria-label={t.split}
        value={filter.split ?? ''}
        onChange={(event) => onFilter({ ...filter, split: event.target.value || undefined })}
      >
        <option value="">{t.allSplits}</option>
        {SPLITS.map((split) => (
          <option key={split}>{split}</option>
        ))}
      </select>
      <input
        className="input pictures-search"
        type="search"
        aria-label={t.search}
        placeholder={t.search}
        value={filter.text ?? ''}
        onChange={(event) => onFilter({ ...filter, text: event.target.value || undefined })}
      />
    </>
  );
}
