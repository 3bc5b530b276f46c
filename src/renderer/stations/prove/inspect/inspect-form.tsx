// With which model, which pictures, how thoroughly, and how many false alarms are allowed.

import {
  type JobRequest,
  startJob,
  useEngine,
  useMutation,
  useQuery,
  useStored,
} from '../../../api/index.ts';
import { useLanguage, useTexts } from '../../../texts/index.ts';
import { formatSeconds } from '../../../ui/format-time.ts';
import { Button, ErrorNote, ICONS, pickFolder, Segmented, Select, Slider } from '../../../ui/index.ts';

type Input = Extract<JobRequest, { method: 'inspect.inspect' }>['input'];

interface Model {
  id: string;
  createdAt: number;
  shots: number;
  problem: string | null;
}

interface InspectFormProps {
  product: string;
  models: readonly Model[];
  busy: boolean;
  onStarted(job: string): void;
}

type Choice = {
  model: string;
  folder: string | null;
  source: 'test' | 'folder';
  mode: 'fast' | 'full';
  rate: number;
};

const MODES = ['fast', 'full'] as const;
/** Places of the slider. */
const RATES = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2];
const FIRST: Choice = { model: '', folder: null, source: 'test', mode: 'fast', rate: 3 };

export function InspectForm({ product, models, busy, onStarted }: InspectFormProps) {
  const t = useTexts('prove').inspect;
  const language = useLanguage();
  const engine = useEngine();
  const [choices, store] = useStored<Record<string, Choice>>('prove.inspect', {});
  const choice = { ...FIRST, ...choices[product] };
  const change = (next: Partial<Choice>): void => store({ ...choices, [product]: { ...choice, ...next } });
  const model = models.find(({ id }) => id === choice.model) ?? models[0];
  const input = inputOf(product, model.id, choice);
  const start = useMutation(async (given: Input) => {
    onStarted(await startJob(engine, { method: 'inspect.inspect', input: given }));
  });
  const choose = async (): Promise<void> => {
    const folder = await pickFolder({
      title: t.chooseFolder,
      ...(choice.folder && { start: choice.folder }),
    });
    if (folder !== null) change({ folder, source: 'folder' });
  };
  return (
    <div className="prove-form">
      <div className="prove-fields">
        <Select
          label={t.model}
          value={model.id}
          options={models.map(({ id, createdAt, shots }) => ({
            value: id,
            label: t.modelName(
              new Date(createdAt).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' }),
              shots,
            ),
          }))}
          onValue={(id) => change({ model: id })}
        />
        {model.problem !== null && (
          <div className="note warn" role="status">
            <div className="grow">{model.problem}</div>
          </div>
        )}
        <fieldset className="prove-arms">
          <legend>{t.what}</legend>
          {(['test', 'folder'] as const).map((source) => (
            <label key={source} className="check">
              <input
                type="radio"
                name="inspect-source"
                checked={choice.source === source}
                onChange={() => change({ source })}
              />
              <span>{t[source]}</span>
            </label>
          ))}
          {choice.source === 'folder' && (
            <>
              {choice.folder !== null && <div className="path">{choice.folder}</div>}
              <Button icon={ICONS.folder} onClick={() => void choose()}>
                {t.choose}
              </Button>
            </>
          )}
        </fieldset>
        <div className="field prove-choice">
          <strong>{t.mode}</strong>
          <Segmented
            label={t.mode}
            value={choice.mode}
            options={MODES.map((value) => ({ value, label: t.modes[value] }))}
            onValue={(mode) => change({ mode })}
          />
          <span className="small soft">{t.aboutMode[choice.mode]}</span>
        </div>
        <Slider
          label={t.falseAlarms}
          value={choice.rate}
          min={0}
          max={RATES.length - 1}
          show={(at) =>
            t.falseAlarmsValue(
              RATES[at].toLocaleString(language, { style: 'percent', maximumFractionDigits: 1 }),
            )
          }
          onValue={(rate) => change({ rate })}
        />
      </div>
      <div className="prove-go">
        <ErrorNote error={start.error} />
        {input !== null && !busy && <Cost input={input} />}
        <Button
          look="primary"
          large
          disabled={input === null || busy || start.busy || model.problem !== null}
          onClick={() => input !== null && void start.run(input)}
        >
          {busy ? t.running : t.start}
        </Button>
      </div>
    </div>
  );
}

/** Null before a folder is chosen. */
function inputOf(product: string, model: string, { source, folder, mode, rate }: Choice): Input | null {
  if (source === 'folder' && folder === null) return null;
  const pictures: Input['pictures'] =
    source === 'folder' ? { kind: 'files', paths: [folder!] } : { kind: 'split', split: 'test' };
  return { product, model, pictures, mode, falseAlarms: RATES[rate] };
}

/** Measured on this machine before anything is begun. */
function Cost({ input }: { input: Input }) {
  const t = useTexts('prove').inspect;
  const { falseAlarms: _, ...asked } = input;
  const { data, error } = useQuery(['inspect', 'cost', JSON.stringify(asked)], ({ engine, signal }) =>
    engine.inspect.cost(asked, { signal }),
  );
  if (error) return <ErrorNote error={error} />;
  if (data === undefined) return <p className="small soft">{t.measuring}</p>;
  return (
    <p className="small">
      {data.seconds === 0 ? t.costNone : t.cost(formatSeconds(data.seconds), data.windows.toLocaleString())}
    </p>
  );
}
