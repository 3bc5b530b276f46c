// The common components.

export { Button, type ButtonProps, IconButton } from './button.tsx';
export { type Choice, Segmented, Tabs } from './choices.tsx';
export { Dialog, type DialogProps } from './dialog.tsx';
export { ErrorNote } from './error-note.tsx';
export { Checkbox, Field, Select, Slider, TextField } from './fields.tsx';
export { ICONS, Icon } from './icon.tsx';
export * from './image-view/index.ts';
export { type KeyAction, shownKey, useKeys } from './keys.ts';
export { pickFile, pickFolder, pickNewFile } from './picker.tsx';
export { Picture } from './picture.tsx';
export { Badge, EmptyState, ProgressBar, Toolbar } from './small.tsx';
export { showError, toast } from './toast.tsx';
export { useUndo } from './undo.tsx';
export { type GridChoice, VirtualGrid, type VirtualGridProps } from './virtual-grid.tsx';
