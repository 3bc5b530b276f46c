// Choosing the good pictures that new defects are put on.

import { useState } from 'react';
import { useTexts } from '../../texts/index.ts';
import { Button, Dialog, Picture, useKeys, VirtualGrid } from '../../ui/index.ts';
import { useGoodPictures } from './use-good-pictures.ts';

interface SourcesDialogProps {
  product: string;
  chosen: readonly string[];
  onChosen(ids: string[]): void;
  onClose(): void;
}

export function SourcesDialog({ product, chosen, onChosen, onClose }: SourcesDialogProps) {
  const t = useTexts('generate');
  const common = useTexts('common');
  const pictures = useGoodPictures(product);
  const [ids, setIds] = useState(() => new Set(chosen));
  const [focused, setFocused] = useState(0);
  const toggle = (index: number): void => {
    const { id } = pictures[index];
    const next = new Set(ids);
    if (!next.delete(id)) next.add(id);
    setIds(next);
  };
  useKeys(t.sources, [{ keys: 'Space', title: t.chooseSources, run: () => toggle(focused) }], {
    inDialogs: true,
  });
  return (
    <Dialog
      title={t.sources}
      wide
      onClose={onClose}
      foot={
        <>
          <span className="grow soft">{ids.size === 0 ? t.allSources : t.chosenSources(ids.size)}</span>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button look="primary" onClick={() => onChosen([...ids])}>
            {t.use}
          </Button>
        </>
      }
    >
      <div className="generate-sources">
        <VirtualGrid
          label={t.sources}
          count={pictures.length}
          cell={{ width: 140, height: 140 }}
          focused={focused}
          onFocus={setFocused}
          onOpen={toggle}
          selected={(index) => ids.has(pictures[index].id)}
          render={(index, isFocused) => {
            const { id, file } = pictures[index];
            const on = ids.has(id);
            return (
              // biome-ignore lint/a11y/noStaticElementInteractions: the list takes the keys, Space chooses
              // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys, Space chooses
              <div
                className={['generate-source', on && 'on', isFocused && 'focused'].filter(Boolean).join(' ')}
                title={file}
                onClick={() => toggle(index)}
              >
                <Picture of={{ kind: 'picture', id }} size={256} alt={file} />
                {on && <span className="badge good">✓</span>}
              </div>
            );
          }}
        />
      </div>
    </Dialog>
  );
}
