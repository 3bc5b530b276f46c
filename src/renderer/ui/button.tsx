// Buttons: with words, or with a drawing and a name that is read out.

import type { ButtonHTMLAttributes, Ref } from 'react';
import { Icon } from './icon.tsx';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: 'primary' | 'danger' | 'quiet';
  large?: boolean;
  /** Path of a drawing before the words. */
  icon?: string;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ look, large, icon, className, children, ...rest }: ButtonProps) {
  const classes = ['button', look, large && 'large', className].filter(Boolean).join(' ');
  return (
    <button type="button" {...rest} className={classes}>
      {icon && <Icon path={icon} size={18} />}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, 'icon' | 'children'> {
  icon: string;
  /** Read out, and shown on hovering. */
  label: string;
}

export function IconButton({ icon, label, className, ...rest }: IconButtonProps) {
  return (
    <Button
      {...rest}
      className={['icon', className].filter(Boolean).join(' ')}
      aria-label={label}
      title={label}
    >
      <Icon path={icon} />
    </Button>
  );
}
