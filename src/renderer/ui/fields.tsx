// Inputs with their label, hint and error tied to them.

import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, useId } from 'react';

export interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  /** Gets the ids that tie the input to its words. */
  children(ids: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }): ReactNode;
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const described = error || hint ? `${id}-about` : undefined;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': described, 'aria-invalid': error ? true : undefined })}
      {described && (
        <div id={described} className={`small ${error ? 'field-error' : 'soft'}`}>
          {error ?? hint}
        </div>
      )}
    </div>
  );
}

type Words = Pick<FieldProps, 'label' | 'hint' | 'error'>;

export function TextField({ label, hint, error, ...rest }: Words & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => <input className="input" type="text" spellCheck={false} {...rest} {...ids} />}
    </Field>
  );
}

export interface SelectProps<V extends string>
  extends Omit<SelectHTMLAttributes<HTMLSelectElement>, 'value' | 'onChange'> {
  label: string;
  hint?: ReactNode;
  value: V;
  options: readonly { value: V; label: string; disabled?: boolean }[];
  onValue(value: V): void;
}

export function Select<V extends string>({ label, hint, value, options, onValue, ...rest }: SelectProps<V>) {
  return (
    <Field label={label} hint={hint}>
      {(ids) => (
        <select
          className="select"
          {...rest}
          {...ids}
          value={value}
          onChange={(event) => onValue(event.target.value as V)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export interface CheckboxProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> {
  label: ReactNode;
  onValue(checked: boolean): void;
}

export function Checkbox({ label, onValue, ...rest }: CheckboxProps) {
  return (
    <label className="check">
      <input type="checkbox" {...rest} onChange={(event) => onValue(event.target.checked)} />
      <span>{label}</span>
    </label>
  );
}

export interface SliderProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step?: number;
  /** The value in words; as it is without it. */
  show?(value: number): string;
  onValue(value: number): void;
  disabled?: boolean;
}

export function Slider({ label, value, min, max, step = 1, show = String, onValue, disabled }: SliderProps) {
  const id = useId();
  return (
    <div className="slider">
      <label htmlFor={id}>{label}</label>
      <output htmlFor={id}>{show(value)}</output>
      <input
        id={id}
        type="range"
        {...{ min, max, step, value, disabled }}
        aria-valuetext={show(value)}
        onChange={(event) => onValue(Number(event.target.value))}
      />
    </div>
  );
}
