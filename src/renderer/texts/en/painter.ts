// Words of the painter of single masks.

export const painter = {
  keys: 'Painting',
  bar: 'Painting tools',
  tools: { brush: 'Brush', eraser: 'Eraser', box: 'Box' },
  size: 'Size',
  smaller: 'Smaller brush',
  larger: 'Larger brush',
  undo: 'Undo',
  redo: 'Redo',
  clear: 'Clear',
};
