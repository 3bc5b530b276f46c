// What stations use of the canvas.

export { PaintCanvas, type PaintCanvasProps } from './paint-canvas.tsx';
export type { LayerLook, Painter, PainterState, Subject } from './painter.ts';
export { PictureLayer } from './picture-layer.ts';
export { PixelTools } from './pixel-tools.ts';
export { TOOL_NAMES, type ToolName, type ToolRemark, type ToolSettings } from './tools/tool.ts';
export type { View } from './view.ts';
