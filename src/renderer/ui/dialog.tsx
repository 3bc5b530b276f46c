// A dialog over the page: it takes the focus, keeps it, gives it back, and closes by Escape.

import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useTexts } from '../texts/index.ts';
import { IconButton } from './button.tsx';
import { ICONS } from './icon.tsx';

export interface DialogProps {
  title: string;
  wide?: boolean;
  onClose(): void;
  children: ReactNode;
  /** Buttons at the foot, the main one last. */
  foot?: ReactNode;
}

export function Dialog({ title, wide, onClose, children, foot }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  const t = useTexts('common');
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="dialog-head">
        <h2 id={id}>{title}</h2>
        <IconButton icon={ICONS.close} label={t.close} look="quiet" onClick={onClose} />
      </div>
      <div className="dialog-body">{children}</div>
      {foot && <div className="dialog-foot">{foot}</div>}
    </dialog>
  );
}
