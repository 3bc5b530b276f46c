// An error where it belongs: what happened, to which file, what to do.

import { toPlainError } from '../../contract/errors.ts';
import { AppError } from '../../core/base/errors.ts';
import { useTexts } from '../texts/index.ts';
import { Button } from './button.tsx';
import { ICONS, Icon } from './icon.tsx';

export function ErrorWords({ error }: { error: unknown }) {
  const { message, file, hint } = plain(error);
  return (
    <div className="grow stack" style={{ gap: 'var(--gap-1)' }}>
      <div className="note-title">{message}</div>
      {file && <div className="path">{file}</div>}
      {hint && <div>{hint}</div>}
    </div>
  );
}

export function ErrorNote({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useTexts('common');
  if (!error) return null;
  return (
    <div className="note" role="alert">
      <Icon path={ICONS.warn} />
      <ErrorWords error={error} />
      {retry && <Button onClick={retry}>{t.tryAgain}</Button>}
    </div>
  );
}

export function isCancelled(error: unknown): boolean {
  return plain(error).code === 'cancelled';
}

function plain(error: unknown) {
  if (error instanceof AppError) return toPlainError(error);
  const given = error as { code?: string; message?: unknown } | null;
  if (given?.code !== undefined && typeof given.message === 'string')
    return given as ReturnType<typeof toPlainError>;
  return toPlainError(error);
}
