// On the right: what is painted, what the picture is, and how deep pictures are shown.

import { useRef, useState } from 'react';
import type { LabelType } from '../../../contract/methods/labels.ts';
import { FOREGROUND_LAYER, IGNORE_LAYER } from '../../../core/labels/step.ts';
import { createStore, useEngine, useStore } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, Slider } from '../../ui/index.ts';
import type { LabelSession, SessionState } from './session.ts';
import { TypeDialog } from './type-dialog.tsx';
import { AddType, TypeRow } from './type-row.tsx';
import type { LabelActions } from './use-label-keys.ts';
import type { Levels } from './use-picture.ts';
import type { WorkState } from './work-state.ts';

export interface LabelPanelProps {
  product: string;
  types: readonly LabelType[];
  layer: string;
  work: WorkState;
  change(next: Partial<WorkState>): void;
  session: LabelSession | null;
  actions: LabelActions;
  /** For 16-bit pictures. */
  deep: { levels: Levels; whole: Levels; setLevels(levels: Levels): void } | null;
}

const CLOSED = createStore<SessionState>({ head: 0, count: 0, mark: 'unlabelled', types: [] });

export function LabelPanel({ product, types, layer, work, change, session, actions, deep }: LabelPanelProps) {
  const t = useTexts('label');
  const engine = useEngine();
  const [edited, setEdited] = useState<LabelType | null>(null);
  const adding = useRef<HTMLInputElement>(null);
  const { mark, types: present } = useStore(session?.state ?? CLOSED);
  const isPicture = layer !== FOREGROUND_LAYER;
  return (
    <aside className="label-panel" aria-label={t.panel}>
      <section className="stack">
        <h2>{t.types}</h2>
        {types.length === 0 && <p className="soft">{t.noTypes}</p>}
        <div role="radiogroup" aria-label={t.types} className="label-types">
          {types.map((type, i) => (
            <TypeRow
              key={type.id}
              type={type}
              keyName={i < 9 ? String(i + 1) : null}
              isChosen={layer === type.id}
              isHere={isPicture && present.includes(type.id)}
              onChoose={() => change({ layer: type.id })}
              onClear={() => actions.clear(type.id)}
              onEdit={() => setEdited(type)}
            />
          ))}
        </div>
        <AddType
          input={adding}
          add={async (name) => {
            const { id } = await engine.labels.addType({ product, name });
            change({ layer: id });
          }}
        />
      </section>
      <section className="stack">
        <h2>{t.zones}</h2>
        <div role="radiogroup" aria-label={t.zones} className="label-types">
          <ZoneRow
            name={t.ignore}
            keyName="I"
            look="ignore"
            isChosen={layer === IGNORE_LAYER}
            onChoose={() => change({ layer: IGNORE_LAYER })}
          />
          <ZoneRow
            name={t.foreground}
            keyName="G"
            look="foreground"
            isChosen={layer === FOREGROUND_LAYER}
            onChoose={() => change({ layer: FOREGROUND_LAYER })}
          />
        </div>
        {layer === IGNORE_LAYER && <p className="small soft">{t.ignoreHint}</p>}
        {layer === FOREGROUND_LAYER && <p className="small soft">{t.foregroundHint}</p>}
      </section>
      <section className="stack">
        <h2>{t.thisPicture}</h2>
        <div className="label-marks">
          <MarkButton
            text={t.normal}
            keyName="N"
            disabled={!isPicture}
            on={isPicture && mark === 'normal'}
            run={() => actions.mark('normal')}
          />
          <MarkButton
            text={t.unlabelled}
            keyName="U"
            disabled={!isPicture}
            on={isPicture && mark === 'unlabelled'}
            run={() => actions.mark('unlabelled')}
          />
          <MarkButton
            text={t.defect}
            keyName="T"
            disabled={!isPicture}
            on={isPicture && mark === 'defect'}
            run={() => actions.mark('defect')}
          />
        </div>
      </section>
      <section className="stack">
        <h2>{t.display}</h2>
        <Slider
          label={t.opacity}
          value={Math.round(100 * work.opacity)}
          min={5}
          max={100}
          show={(v) => `${v} %`}
          onValue={(v) => change({ opacity: v / 100 })}
        />
        {deep && <DeepRange {...deep} />}
      </section>
      {edited && <TypeDialog type={edited} onClose={() => setEdited(null)} />}
    </aside>
  );
}

interface MarkButtonProps {
  text: string;
  keyName: string;
  on: boolean;
  disabled: boolean;
  run(): void;
}

function MarkButton({ text, keyName, on, disabled, run }: MarkButtonProps) {
  return (
    <Button aria-pressed={on} disabled={disabled} onClick={run}>
      {text}
      <kbd>{keyName}</kbd>
    </Button>
  );
}

interface ZoneRowProps {
  name: string;
  keyName: string;
  look: 'ignore' | 'foreground';
  isChosen: boolean;
  onChoose(): void;
}

function ZoneRow({ name, keyName, look, isChosen, onChoose }: ZoneRowProps) {
  return (
    <div className={isChosen ? 'label-type chosen' : 'label-type'}>
      {/* biome-ignore lint/a11y/useSemanticElements: the row holds further buttons */}
      <button type="button" role="radio" aria-checked={isChosen} onClick={onChoose}>
        <span className={`label-swatch ${look}`} />
        <span className="grow ellipsis">{name}</span>
        <kbd>{keyName}</kbd>
      </button>
    </div>
  );
}

/** Which code values are shown as black and white. */
function DeepRange({ levels, whole, setLevels }: NonNullable<LabelPanelProps['deep']>) {
  const t = useTexts('label');
  const set = (low: number, high: number): void => setLevels({ low: Math.min(low, high - 1), high });
  return (
    <>
      <Slider
        label={t.black}
        value={levels.low}
        min={0}
        max={65_534}
        step={16}
        onValue={(low) => set(low, Math.max(low + 1, levels.high))}
      />
      <Slider
        label={t.white}
        value={levels.high}
        min={1}
        max={65_535}
        step={16}
        onValue={(high) => set(levels.low, high)}
      />
      <div className="toolbar">
        <Button onClick={() => setLevels(whole)}>{t.autoRange}</Button>
        <Button onClick={() => setLevels({ low: 0, high: 65_535 })}>{t.wholeRange}</Button>
      </div>
    </>
  );
}
