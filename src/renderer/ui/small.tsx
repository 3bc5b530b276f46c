// Small pieces of pages: progress, badges, empty states, toolbars.

import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

export interface ProgressBarProps {
  label: string;
  done: number;
  /** 0 where it is not known. */
  total: number;
}

export function ProgressBar({ label, done, total }: ProgressBarProps) {
  const known = total > 0;
  const share = known ? Math.min(1, done / total) : 0;
  return (
    <div
      className={known ? 'progress' : 'progress unknown'}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={known ? Math.round(100 * share) : undefined}
    >
      <div style={known ? { transform: `scaleX(${share})` } : undefined} />
    </div>
  );
}

export function Badge({ tone, children }: { tone?: 'good' | 'warn' | 'bad'; children: ReactNode }) {
  return <span className={tone ? `badge ${tone}` : 'badge'}>{children}</span>;
}

export interface EmptyStateProps {
  icon: string;
  title: string;
  /** What this is for. */
  text: ReactNode;
  /** The one action that fills it, and at most one other. */
  children?: ReactNode;
}

export function EmptyState({ icon, title, text, children }: EmptyStateProps) {
  return (
    <div className="empty">
      <Icon path={icon} size={56} />
      <h2>{title}</h2>
      <p>{text}</p>
      {children && <div className="toolbar">{children}</div>}
    </div>
  );
}

export function Toolbar({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="toolbar" role="toolbar" aria-label={label}>
      {children}
    </div>
  );
}
