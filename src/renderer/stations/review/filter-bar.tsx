// Which pictures, and in which order.

import { useTexts } from '../../texts/index.ts';
import { type Filters, GOOD, ORDERS, type ReviewedPicture, STATES } from './order.ts';

interface FilterBarProps {
  pictures: readonly ReviewedPicture[];
  filters: Filters;
  onFilters(filters: Filters): void;
}

export function FilterBar({ pictures, filters, onFilters }: FilterBarProps) {
  const t = useTexts('review');
  const set = (change: Partial<Filters>): void => onFilters({ ...filters, ...change });
  const flags = [...new Set(pictures.flatMap((picture) => picture.flags))].sort();
  const types = [...new Set(pictures.map((picture) => picture.type ?? GOOD))].sort();
  const generators = [...new Set(pictures.map((picture) => picture.generator))].sort();
  return (
    <div className="review-filters" role="toolbar" aria-label={t.filters}>
      <Choice
        label={t.state}
        value={filters.state}
        options={STATES.map((value) => [value, t.states[value]])}
        onValue={(state) => set({ state: state as Filters['state'] })}
      />
      <Choice
        label={t.flag}
        value={filters.flag}
        options={[
          ['', t.anyFlag],
          ['flagged', t.flagged],
          ['unflagged', t.unflagged],
          ...flags.map((flag): [string, string] => [flag, t.flags[flag] ?? flag]),
        ]}
        onValue={(flag) => set({ flag })}
      />
      {types.length > 1 && (
        <Choice
          label={t.type}
          value={filters.type}
          options={[
            ['', t.allTypes],
            ...types.map((type): [string, string] => [type, type === GOOD ? t.goodType : type]),
          ]}
          onValue={(type) => set({ type })}
        />
      )}
      {generators.length > 1 && (
        <Choice
          label={t.generator}
          value={filters.generator}
          options={[
            ['', t.allGenerators],
            ...generators.map((name): [string, string] => [name, t.generators[name] ?? name]),
          ]}
          onValue={(generator) => set({ generator })}
        />
      )}
      <Choice
        label={t.order}
        value={filters.order}
        options={ORDERS.map((value) => [value, t.orders[value]])}
        onValue={(order) => set({ order: order as Filters['order'] })}
      />
    </div>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  onValue(value: string): void;
}

/** A value that fits nothing any more stays in the list, so that the filter can be seen. */
function Choice({ label, value, options, onValue }: ChoiceProps) {
  const known = options.some(([each]) => each === value);
  return (
    <select
      className="select"
      aria-label={label}
      title={label}
      value={value}
      onChange={(event) => onValue(event.target.value)}
    >
      {options.map(([each, words]) => (
        <option key={each} value={each}>
          {words}
        </option>
      ))}
      {!known && <option value={value}>{value}</option>}
    </select>
  );
}
