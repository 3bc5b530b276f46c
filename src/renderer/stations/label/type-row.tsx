// One defect type in the list, and the field that adds one.

import { type FormEvent, type RefObject, useState } from 'react';
import { toPlainError } from '../../../contract/errors.ts';
import type { LabelType } from '../../../contract/methods/labels.ts';
import { invalidate, useMutation } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, Field, ICONS, IconButton } from '../../ui/index.ts';
import { SWITCH_ICONS } from './tool-icons.ts';

export interface TypeRowProps {
  type: LabelType;
  keyName: string | null;
  isChosen: boolean;
  /** The open picture has it. */
  isHere: boolean;
  onChoose(): void;
  onClear(): void;
  onEdit(): void;
}

export function TypeRow({ type, keyName, isChosen, isHere, onChoose, onClear, onEdit }: TypeRowProps) {
  const t = useTexts('label');
  return (
    <div className={isChosen ? 'label-type chosen' : 'label-type'}>
      {/* biome-ignore lint/a11y/useSemanticElements: the row holds further buttons */}
      <button type="button" role="radio" aria-checked={isChosen} onClick={onChoose}>
        <span className={isHere ? 'label-swatch here' : 'label-swatch'} style={{ background: type.colour }} />
        <span className="grow ellipsis">{type.name}</span>
        <span className="small soft">{type.pictures}</span>
        {keyName && <kbd>{keyName}</kbd>}
      </button>
      <IconButton
        icon={SWITCH_ICONS.remove}
        label={t.clearType(type.name)}
        look="quiet"
        disabled={!isHere}
        onClick={onClear}
      />
      <IconButton icon={SWITCH_ICONS.rename} label={t.editType(type.name)} look="quiet" onClick={onEdit} />
    </div>
  );
}

export function AddType({
  input,
  add,
}: {
  input: RefObject<HTMLInputElement | null>;
  add(name: string): Promise<void>;
}) {
  const t = useTexts('label');
  const [name, setName] = useState('');
  const adding = useMutation(async (text: string) => {
    await add(text);
    invalidate('labels');
    setName('');
    input.current?.blur();
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() !== '') void adding.run(name.trim());
  };
  return (
    <form className="label-add" onSubmit={submit}>
      <Field label={t.addType} error={adding.error ? toPlainError(adding.error).message : null}>
        {(ids) => (
          <input
            ref={input}
            className="input"
            type="text"
            maxLength={60}
            spellCheck={false}
            value={name}
            placeholder={t.addTypeExample}
            onChange={(event) => setName(event.target.value)}
            {...ids}
          />
        )}
      </Field>
      <Button type="submit" icon={ICONS.plus} disabled={name.trim() === '' || adding.busy}>
        {t.add}
      </Button>
    </form>
  );
}
