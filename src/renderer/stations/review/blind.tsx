// The blind test: real and generated defects mixed, one at a time; every answer is stored at once.

import { useState } from 'react';
import type { BlindTest } from '../../../contract/methods/review.ts';
import { invalidate, useEngine, useMutation, useQuery } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, ErrorNote, TextField } from '../../ui/index.ts';
import { BlindQuestion } from './blind-question.tsx';
import { BlindResult, EarlierTests } from './blind-result.tsx';

const FIRST_COUNT = 20;

export function Blind({ product }: { product: string }) {
  const t = useTexts('review');
  const engine = useEngine();
  const tests = useQuery(['review', 'blind', product], ({ engine: from, signal }) =>
    from.review.blind.list({ product }, { signal }),
  );
  const [test, setTest] = useState<BlindTest | null>(null);
  const [count, setCount] = useState(String(FIRST_COUNT));
  const [person, setPerson] = useState('');
  const start = useMutation(async () => {
    const name = person.trim();
    const seed = Math.floor(Math.random() * 2 ** 31);
    const number = Math.max(4, Math.min(200, Math.round(Number(count)) || FIRST_COUNT));
    setTest(
      await engine.review.blind.start({ product, count: number, seed, ...(name !== '' && { person: name }) }),
    );
  });
  const leave = (): void => {
    setTest(null);
    invalidate('review', 'blind');
  };
  if (test !== null && test.finishedAt === null)
    return <BlindQuestion key={test.id} test={test} onTest={setTest} onLeave={leave} />;
  const earlier = tests.data?.tests ?? [];
  const begun = earlier.find(({ finishedAt }) => finishedAt === null);
  return (
    <div className="review-blind">
      {test !== null ? (
        <BlindResult test={test} onLeave={leave} />
      ) : (
        <section className="stack review-blind-start">
          <h2>{t.blindTitle}</h2>
          <p className="soft">{t.blindText}</p>
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              void start.run();
            }}
          >
            <div className="review-blind-fields">
              <TextField
                label={t.blindCount}
                type="number"
                min={4}
                max={200}
                value={count}
                onChange={(event) => setCount(event.target.value)}
              />
              <TextField
                label={t.blindPerson}
                maxLength={100}
                value={person}
                onChange={(event) => setPerson(event.target.value)}
              />
            </div>
            <ErrorNote error={start.error ?? tests.error} />
            <div className="row">
              <Button look="primary" large type="submit" disabled={start.busy}>
                {t.blindStart}
              </Button>
              {begun !== undefined && (
                <Button large onClick={() => setTest(begun)}>
                  {t.blindGoOn}
                </Button>
              )}
            </div>
          </form>
        </section>
      )}
      {earlier.length > 0 && <EarlierTests tests={earlier} />}
    </div>
  );
}
