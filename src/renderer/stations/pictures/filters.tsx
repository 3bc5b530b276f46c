// Which pictures are shown: all, good ones, unlabelled ones, one defect type; a split; a remark; part of a name.

import type { ProductInfo } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Segmented } from '../../ui/index.ts';
import { SPLITS } from './splits.ts';
import type { PictureFilter } from './use-pages.ts';

export interface FiltersProps {
  product: ProductInfo;
  filter: PictureFilter;
  onFilter(filter: PictureFilter): void;
}

const FLAGS = ['any', 'leak', 'near-duplicate', 'no-mask'] as const;
/** More kinds than these are a list to choose from. */
const MOST_BUTTONS = 6;

export function Filters({ product, filter, onFilter }: FiltersProps) {
  const t = useTexts('pictures');
  const kinds = [
    { value: 'all', label: t.all },
    { value: 'normal', label: `${t.roles.normal} ${product.normals.toLocaleString()}` },
    ...(product.unlabelled > 0
      ? [{ value: 'unlabelled', label: `${t.roles.unlabelled} ${product.unlabelled.toLocaleString()}` }]
      : []),
    ...product.types.map(({ name, pictures }) => ({
      value: `type:${name}`,
      label: `${name} ${pictures.toLocaleString()}`,
    })),
  ];
  const kind = filter.type !== undefined ? `type:${filter.type}` : (filter.role ?? 'all');
  const choose = (value: string): void => {
    const { role: _role, type: _type, ...rest } = filter;
    if (value.startsWith('type:')) onFilter({ ...rest, type: value.slice('type:'.length) });
    else onFilter(value === 'all' ? rest : { ...rest, role: value as 'normal' | 'unlabelled' });
  };
  const short = kinds.length <= MOST_BUTTONS && kinds.reduce((n, { label }) => n + label.length, 0) < 70;
  return (
    <>
      {short ? (
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
        onChange={({ target: { value } }) =>
          onFilter({ ...filter, split: (value || undefined) as PictureFilter['split'] })
        }
      >
        <option value="">{t.allSplits}</option>
        {SPLITS.map((split) => (
          <option key={split} value={split}>
            {t.splits[split]}
          </option>
        ))}
        <option value="none">{t.withoutSplit}</option>
      </select>
      <select
        className="select pictures-select"
        aria-label={t.remarks}
        value={filter.flag ?? ''}
        onChange={({ target: { value } }) =>
          onFilter({ ...filter, flag: (value || undefined) as PictureFilter['flag'] })
        }
      >
        <option value="">{t.allRemarks}</option>
        {FLAGS.map((flag) => (
          <option key={flag} value={flag}>
            {t.flagFilters[flag]}
          </option>
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
