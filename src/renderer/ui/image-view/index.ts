// Pictures with zoom and pan.

export { ImageView, type ImageViewProps, type Overlay, ZoomBar } from './image-view.tsx';
export {
  cornerOf,
  type Extent,
  pannedBy,
  type SyncedView,
  settled,
  showsHardPixels,
  toPicture,
  useSyncedView,
  type ViewState,
  zoomedAt,
} from './view-state.ts';
