// The formats of an export, in the order they are offered.

export { EXPORT_FORMATS as FORMATS } from '../../../core/formats/annotations/export-formats.ts';
