// Everything else: seed, fine-tune, shapes, device, and which good pictures are used.

import { useState } from 'react';
import { useLanguage, useTexts } from '../../texts/index.ts';
import { Button, pickFolder, Select, TextField } from '../../ui/index.ts';
import type { TokenSet } from './form.tsx';
import { SourcesDialog } from './sources-dialog.tsx';
import type { SectionProps } from './what.tsx';

interface DetailsProps extends SectionProps {
  product: string;
  tokenSets: readonly TokenSet[];
}

const DEVICES = ['auto', 'cpu', 'gpu'] as const;

export function Details({ plan, change, product, tokenSets }: DetailsProps) {
  const t = useTexts('generate');
  const language = useLanguage();
  const [choosing, setChoosing] = useState(false);
  const isFolder = plan.masks !== 'real' && plan.masks !== 'model';
  const chooseMasks = async (source: 'real' | 'model' | 'folder'): Promise<void> => {
    if (source !== 'folder') return change({ masks: source });
    const folder = await pickFolder({ title: t.chooseFolder });
    if (folder !== null) change({ masks: folder });
  };
  return (
    <details className="generate-section">
      <summary>
        <h3>{t.details}</h3>
      </summary>
      <div className="stack">
        <div className="row generate-seed">
          <TextField
            label={t.seed}
            hint={t.seedHint}
            type="number"
            min={0}
            value={String(plan.seed)}
            onChange={(event) => change({ seed: Math.max(0, Math.round(Number(event.target.value) || 0)) })}
          />
          <Button onClick={() => change({ seed: Math.floor(Math.random() * 1_000_000) })}>{t.newSeed}</Button>
        </div>
        {tokenSets.length > 1 && (
          <Select
            label={t.tokenSet}
            value={plan.tokenSet}
            options={[
              { value: '', label: t.latest },
              ...tokenSets.map((set) => ({
                value: set.id,
                label: `${new Date(set.createdAt).toLocaleString(language)} (${set.types.map(({ name }) => name).join(', ')})`,
              })),
            ]}
            onValue={(tokenSet) => change({ tokenSet })}
          />
        )}
        {plan.generator === 'windows' && plan.place !== 'mask' && (
          <Select
            label={t.shapes}
            hint={isFolder ? <span className="path">{plan.masks}</span> : undefined}
            value={isFolder ? 'folder' : (plan.masks as 'real' | 'model')}
            options={(['real', 'model', 'folder'] as const).map((value) => ({
              value,
              label: t.shapeSources[value],
            }))}
            onValue={(source) => void chooseMasks(source)}
          />
        )}
        {plan.generator !== 'paste' && (
          <Select
            label={t.device}
            value={plan.device}
            options={DEVICES.map((value) => ({ value, label: t.devices[value] }))}
            onValue={(device) => change({ device })}
          />
        )}
        <div className="field">
          <strong>{t.sources}</strong>
          <div className="row">
            <span className="grow soft">
              {plan.sources.length === 0 ? t.allSources : t.chosenSources(plan.sources.length)}
            </span>
            {plan.sources.length > 0 && <Button onClick={() => change({ sources: [] })}>{t.useAll}</Button>}
            <Button onClick={() => setChoosing(true)}>{t.chooseSources}</Button>
          </div>
        </div>
      </div>
      {choosing && (
        <SourcesDialog
          product={product}
          chosen={plan.sources}
          onClose={() => setChoosing(false)}
          onChosen={(sources) => {
            change({ sources });
            setChoosing(false);
          }}
        />
      )}
    </details>
  );
}
