// Name and colour of a defect type, and removing one that nothing uses.

import { useState } from 'react';
import type { LabelType } from '../../../contract/methods/labels.ts';
import { invalidate, useEngine, useMutation } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, Dialog, ErrorNote, Field, TextField } from '../../ui/index.ts';

export function TypeDialog({ type, onClose }: { type: LabelType; onClose(): void }) {
  const t = useTexts('label');
  const engine = useEngine();
  const [name, setName] = useState(type.name);
  const [colour, setColour] = useState(type.colour);
  const done = (): void => {
    for (const key of ['labels', 'pictures', 'workspace']) invalidate(key);
    onClose();
  };
  const change = useMutation(async () => {
    await engine.labels.changeType({ id: type.id, name, colour });
    done();
  });
  const remove = useMutation(async () => {
    await engine.labels.removeType({ id: type.id });
    done();
  });
  return (
    <Dialog
      title={t.editType(type.name)}
      onClose={onClose}
      foot={
        <>
          <Button disabled={type.pictures > 0 || remove.busy} onClick={() => void remove.run()}>
            {t.removeType}
          </Button>
          <Button
            look="primary"
            disabled={name.trim() === '' || change.busy}
            onClick={() => void change.run()}
          >
            {t.save}
          </Button>
        </>
      }
    >
      <TextField
        label={t.name}
        value={name}
        maxLength={60}
        onChange={(event) => setName(event.target.value)}
      />
      <Field label={t.colour}>
        {(ids) => (
          <input
            type="color"
            className="label-colour"
            value={colour}
            onChange={(event) => setColour(event.target.value)}
            {...ids}
          />
        )}
      </Field>
      <ErrorNote error={change.error ?? remove.error} />
    </Dialog>
  );
}
