// Names physical parts by an expression on the file names; what it finds is shown while it is typed.

import { useEffect, useState } from 'react';
import { useQuery, useStored } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Badge, Button, Dialog, ErrorNote, TextField } from '../../ui/index.ts';
import type { SplitWork } from './use-splits.ts';

const EXAMPLES = ['([^/_]+)_[^/]*$', '(\\d+)', '([^/]+)/[^/]+$'] as const;
const PAUSE_MS = 250;

interface PartsDialogProps {
  product: string;
  work: SplitWork;
  onClose(): void;
}

export function PartsDialog({ product, work, onClose }: PartsDialogProps) {
  const t = useTexts('pictures');
  const common = useTexts('common');
  const [kept, setKept] = useStored<string>('pictures.parts', '');
  const [text, setText] = useState(kept);
  const pattern = usePaused(text);
  const { data, error, loading } = useQuery(
    ['splits', product, 'parts', pattern],
    async ({ engine, signal }) =>
      pattern === '' ? null : engine.splits.parts({ product, pattern, dryRun: true }, { signal }),
  );
  const stale = pattern !== text || loading;
  return (
    <Dialog
      title={t.nameParts}
      onClose={onClose}
      foot={
        <>
          <Button
            onClick={() => {
              onClose();
              void work.run((splits) => splits.parts({ product, pattern: null }));
            }}
          >
            {t.forgetParts}
          </Button>
          <span className="grow" />
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button
            look="primary"
            disabled={!data || stale || data.changed === 0 || Boolean(error)}
            onClick={() => {
              setKept(text);
              onClose();
              void work.run((splits) => splits.parts({ product, pattern: text }));
            }}
          >
            {t.changePictures(data?.changed ?? 0)}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p className="soft">{t.partsHint}</p>
        <TextField
          label={t.groupBy}
          placeholder="part(\d+)"
          className="input path"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="toolbar">
          <span className="small soft">{t.examples}</span>
          {EXAMPLES.map((example, i) => (
            <Button key={example} look="quiet" onClick={() => setText(example)}>
              {t.partExamples[i]}
            </Button>
          ))}
        </div>
        <ErrorNote error={error} />
        {data && !error && (
          <section className="stack" aria-live="polite">
            <div className="toolbar">
              <Badge tone="good">{t.partsFound(data.parts)}</Badge>
              {data.unmatched > 0 && <Badge tone="warn">{t.unmatched(data.unmatched)}</Badge>}
            </div>
            <ul className="pictures-parts">
              {data.samples.map(({ part, pictures, files }) => (
                <li key={part}>
                  <strong>{part}</strong> <span className="soft">{t.picturesOf(pictures)}</span>
                  <div className="path small soft">
                    {files.join(', ')}
                    {pictures > files.length && ' …'}
                  </div>
                </li>
              ))}
            </ul>
            {data.unmatched > 0 && (
              <p className="small soft">
                {t.strangers} <span className="path">{data.strangers.join(', ')}</span>
                {data.unmatched > data.strangers.length && ' …'}
              </p>
            )}
          </section>
        )}
      </div>
    </Dialog>
  );
}

/** The text as it was a moment ago: typing is not interrupted by answers. */
function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return paused;
}
