// Everything else.

import { useTexts } from '../../texts/index.ts';
import { Select, TextField } from '../../ui/index.ts';
import { ATTENTIONS, DEVICES, RANKS } from './choice.ts';
import type { SectionProps } from './method.tsx';

const MOST_SHOTS = 8;

export function Details({ choice, change, presetSteps }: SectionProps & { presetSteps: number | null }) {
  const t = useTexts('fine-tune');
  const whole = (text: string, most = Number.MAX_SAFE_INTEGER): number =>
    Math.min(most, Math.max(0, Math.round(Number(text) || 0)));
  return (
    <details className="fine-tune-section">
      <summary>
        <h3>{t.details}</h3>
      </summary>
      <div className="fine-tune-details">
        <Select
          label={t.shots}
          hint={t.shotsHint}
          value={String(choice.shots)}
          options={Array.from({ length: MOST_SHOTS + 1 }, (_, n) => ({
            value: String(n),
            label: n === 0 ? t.shotsAll : t.shotsN(n),
          }))}
          onValue={(n) => change({ shots: Number(n) })}
        />
        <TextField
          label={t.shotSeed}
          hint={t.shotSeedHint}
          type="number"
          min={0}
          value={String(choice.shotSeed)}
          onChange={(event) => change({ shotSeed: whole(event.target.value) })}
        />
        <TextField
          label={t.seed}
          hint={t.seedHint}
          type="number"
          min={0}
          value={String(choice.seed)}
          onChange={(event) => change({ seed: whole(event.target.value) })}
        />
        <TextField
          label={t.steps}
          hint={presetSteps === null ? undefined : t.stepsHint(presetSteps)}
          type="number"
          min={0}
          max={100_000}
          value={choice.steps === 0 ? '' : String(choice.steps)}
          onChange={(event) => change({ steps: whole(event.target.value, 100_000) })}
        />
        <Select
          label={t.whole}
          hint={t.adaptersHint}
          value={String(choice.adapterRank)}
          options={RANKS.map((rank) => ({
            value: String(rank),
            label: rank === 0 ? t.wholeNetwork : t.adapters(rank),
          }))}
          onValue={(rank) => change({ adapterRank: Number(rank) })}
        />
        {choice.method === 'seas' && (
          <Select
            label={t.attention}
            value={choice.attention}
            options={ATTENTIONS.map((value) => ({ value, label: t.attentions[value] }))}
            onValue={(attention) => change({ attention })}
          />
        )}
        <Select
          label={t.device}
          value={choice.device}
          options={DEVICES.map((value) => ({ value, label: t.devices[value] }))}
          onValue={(device) => change({ device })}
        />
        <TextField
          label={t.memoryLimit}
          hint={t.memoryHint}
          type="number"
          min={0}
          step={0.5}
          value={choice.memory === 0 ? '' : String(choice.memory)}
          onChange={(event) => change({ memory: Math.max(0, Number(event.target.value) || 0) })}
        />
      </div>
    </details>
  );
}
