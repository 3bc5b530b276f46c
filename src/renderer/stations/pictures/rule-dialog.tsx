// Splits by a rule: shares for training, validation and test, with the outcome in numbers before anything changes.

import { useState } from 'react';
import { useQuery } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, Checkbox, Dialog, ErrorNote, Slider, TextField } from '../../ui/index.ts';
import { CountTable } from './count-table.tsx';
import { SPLITS, type Split } from './splits.ts';
import type { SplitWork } from './use-splits.ts';

const FIRST = { train: 70, validation: 15, test: 15 };
const MOST_SEED = 2 ** 31 - 1;

interface RuleDialogProps {
  product: string;
  work: SplitWork;
  onClose(): void;
}

export function RuleDialog({ product, work, onClose }: RuleDialogProps) {
  const t = useTexts('pictures');
  const common = useTexts('common');
  const [shares, setShares] = useState(FIRST);
  const [seed, setSeed] = useState(0);
  const [keep, setKeep] = useState(false);
  const sum = SPLITS.reduce((total, split) => total + shares[split], 0);
  const { data, error, loading } = useQuery(
    ['splits', product, 'rule', shares.train, shares.validation, shares.test, seed, keep],
    ({ engine, signal }) => engine.splits.rule({ product, shares, seed, keep, dryRun: true }, { signal }),
  );
  const percent = (split: Split): string => `${sum === 0 ? 0 : Math.round((100 * shares[split]) / sum)} %`;
  return (
    <Dialog
      title={t.byRule}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button
            look="primary"
            disabled={data === undefined || loading || data.changed === 0 || sum === 0}
            onClick={() => {
              onClose();
              void work.run((splits) => splits.rule({ product, shares, seed, keep }));
            }}
          >
            {t.changePictures(data?.changed ?? 0)}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p className="soft">{t.ruleHint}</p>
        {SPLITS.map((split) => (
          <Slider
            key={split}
            label={t.splits[split]}
            value={shares[split]}
            min={0}
            max={100}
            step={5}
            show={() => percent(split)}
            onValue={(value) => setShares({ ...shares, [split]: value })}
          />
        ))}
        <TextField
          label={t.seed}
          hint={t.seedHint}
          inputMode="numeric"
          value={seed}
          onChange={(event) =>
            setSeed(Math.min(MOST_SEED, Math.abs(Number.parseInt(event.target.value, 10) || 0)))
          }
        />
        <Checkbox label={t.keepSplits} checked={keep} onValue={setKeep} />
        {sum === 0 ? <p className="field-error">{t.noShares}</p> : <ErrorNote error={error} />}
        {data !== undefined && sum > 0 && <CountTable counts={data.counts} caption={t.wouldBe} />}
      </div>
    </Dialog>
  );
}
