// The pictures of a product: filters, the grid, and beside it one picture or the split editor.

import { useState } from 'react';
import { useProduct, useStored } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, ErrorNote, ICONS, Tabs, Toolbar, useKeys, VirtualGrid } from '../../ui/index.ts';
import { Cell } from './cell.tsx';
import { Detail } from './detail.tsx';
import { Filters } from './filters.tsx';
import { NO_SPLIT_KEY, SPLIT_KEYS, SplitPanel, TOGETHER_KEY } from './split-panel.tsx';
import { SPLITS, type Split } from './splits.ts';
import { type PictureFilter, usePages } from './use-pages.ts';
import { useSelection } from './use-selection.ts';
import { useSplitWork } from './use-splits.ts';

const CELL = { width: 168, height: 216 };
const PANELS = ['picture', 'splits'] as const;
type Panel = (typeof PANELS)[number];

export function Browser({ product, onImport }: { product: string; onImport(): void }) {
  const t = useTexts('pictures');
  const { info } = useProduct();
  const [filter, setFilter] = useState<PictureFilter>({});
  const [focused, setFocused] = useState(0);
  const [panel, setPanel] = useStored<Panel>('pictures.panel', 'picture');
  const [together] = useStored<boolean>(TOGETHER_KEY, true);
  const pages = usePages(product, filter);
  const total = pages.total ?? 0;
  const place = Math.min(focused, Math.max(0, total - 1));
  const selection = useSelection(total, place);
  const work = useSplitWork(product);
  const picture = pages.at(place);

  const show = (next: PictureFilter): void => {
    setFilter(next);
    setFocused(0);
    selection.clear();
  };
  const setSplit = async (split: Split | null): Promise<void> => {
    if (selection.count === 0) return;
    const { indices } = selection;
    const select = indices === null ? { filter } : { ids: await pages.idsOf(indices) };
    await work.run((splits) => splits.set({ product, select, split, together }));
    // The list may have become another one.
    if (filter.split !== undefined || filter.flag !== undefined) selection.clear();
  };
  useKeys(t.splitKeys, [
    ...SPLITS.map((split) => ({
      keys: SPLIT_KEYS[split],
      title: t.setTo(t.splits[split]),
      run: () => void setSplit(split),
    })),
    { keys: NO_SPLIT_KEY, title: t.setTo(t.noSplit), run: () => void setSplit(null) },
    { keys: 'S', title: t.panels.splits, run: () => setPanel(panel === 'splits' ? 'picture' : 'splits') },
    { keys: 'Mod+Z', title: t.undo, run: () => void work.move('undo') },
    { keys: 'Mod+Shift+Z Mod+Y', title: t.redo, run: () => void work.move('redo') },
  ]);
  if (info === undefined) return null;
  return (
    <>
      <div className="pictures-bar">
        <Toolbar label={t.show}>
          <Filters product={info} filter={filter} onFilter={show} />
          {pages.total !== null && <span className="small soft">{t.picturesOf(pages.total)}</span>}
        </Toolbar>
        <Button icon={ICONS.plus} onClick={onImport}>
          {t.import}
        </Button>
      </div>
      <ErrorNote error={pages.error} />
      <div className="pictures-main">
        {pages.total === 0 ? (
          <p className="soft padded">{t.noneMatch}</p>
        ) : (
          <VirtualGrid
            key={JSON.stringify(filter)}
            label={t.title}
            count={total}
            cell={CELL}
            focused={place}
            onFocus={setFocused}
            onRange={pages.want}
            selected={selection.has}
            onSelect={selection.choose}
            render={(index, isFocused) => (
              <Cell
                picture={pages.at(index)}
                focused={isFocused}
                chosen={selection.count > 1 && selection.has(index)}
                grouped={filter.flag === 'near-duplicate'}
              />
            )}
          />
        )}
        <aside className="pictures-side" aria-label={t.detail}>
          <Tabs
            label={t.detail}
            value={panel}
            options={PANELS.map((value) => ({ value, label: t.panels[value] }))}
            onValue={setPanel}
          >
            {panel === 'splits' ? (
              <SplitPanel
                product={product}
                work={work}
                chosen={selection.count}
                onSet={(split) => void setSplit(split)}
                onShow={(file) => {
                  show({ text: file });
                  setPanel('picture');
                }}
              />
            ) : picture === undefined ? (
              <p className="soft padded">{t.noneChosen}</p>
            ) : (
              <Detail product={product} picture={picture} onShow={(file) => show({ text: file })} />
            )}
          </Tabs>
        </aside>
      </div>
    </>
  );
}
