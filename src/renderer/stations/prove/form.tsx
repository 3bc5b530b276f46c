// What to compare, how often, how thoroughly, and the one button.

import type { ReactNode } from 'react';
import { isRunning, startJob, useEngine, useJobs, useMutation } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, ErrorNote, Segmented, useKeys } from '../../ui/index.ts';
import { Arms } from './arms.tsx';
import { Fairness } from './fairness.tsx';
import { inputOf, usePlan } from './plan.ts';
import { PRESETS } from './presets.ts';
import { Time } from './time.tsx';
import { refusalOf, useCheck } from './use-check.ts';

const SHOTS = ['1', '3', '8'] as const;
const SEEDS = ['1', '3', '5'] as const;

export function Form({ product }: { product: string }) {
  const t = useTexts('prove');
  const engine = useEngine();
  const [plan, change] = usePlan(product);
  const check = useCheck(product, plan);
  const accepted = check.data?.accepted ?? 0;
  const input = inputOf(plan, product, accepted);
  const busy = useJobs().some((job) => job.method === 'prove.run' && isRunning(job));
  const start = useMutation(() => startJob(engine, { method: 'prove.run', input }));
  const ready = check.data !== undefined && refusalOf(check.data, plan) === null && !busy && !start.busy;
  const go = (): void => {
    if (ready) void start.run();
  };
  useKeys(t.title, [{ keys: 'Mod+Enter', title: t.start, run: go }]);
  return (
    <div className="prove-form">
      <div className="prove-fields">
        <Fairness check={check} plan={plan} change={change} />
        <Choice label={t.shots}>
          <Segmented
            label={t.shots}
            value={String(plan.shots) as (typeof SHOTS)[number]}
            options={SHOTS.map((value) => ({ value, label: value }))}
            onValue={(value) => change({ shots: Number(value) })}
          />
        </Choice>
        <Choice label={t.preset} hint={t.aboutPreset[plan.preset]}>
          <Segmented
            label={t.preset}
            value={plan.preset}
            options={PRESETS.map((value) => ({ value, label: t.presets[value] }))}
            onValue={(preset) => change({ preset })}
          />
        </Choice>
        <Choice label={t.seeds} hint={t.seedsHint}>
          <Segmented
            label={t.seeds}
            value={String(plan.seeds) as (typeof SEEDS)[number]}
            options={SEEDS.map((value) => ({ value, label: value }))}
            onValue={(value) => change({ seeds: Number(value) })}
          />
        </Choice>
        <Arms plan={plan} change={change} accepted={accepted} />
      </div>
      <div className="prove-go">
        <ErrorNote error={start.error} />
        <Time preset={plan.preset} detectors={(input.arms?.length ?? 0) * plan.seeds} />
        <Button look="primary" large disabled={!ready} onClick={go}>
          {busy ? t.alreadyRunning : t.start}
        </Button>
      </div>
    </div>
  );
}

function Choice({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <div className="field prove-choice">
      <strong>{label}</strong>
      {children}
      {hint && <span className="small soft">{hint}</span>}
    </div>
  );
}
