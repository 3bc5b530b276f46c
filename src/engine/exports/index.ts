// The door to exports: plain jobs in, verified folders out.

export type { ExportFormat } from '../../core/formats/annotations/export-formats.ts';
export type { ExportResult } from './export-dataset.ts';
export { exportDataset } from './export-dataset.ts';
export type { ExportJob, GeneratedItem, RealItem, SourceRef } from './export-job.ts';
export { GOOD } from './export-job.ts';
export { forecastExport } from './forecast.ts';
export type { Manifest } from './manifest.ts';
export { changedOutside } from './outside.ts';
export type { VerifyOptions, VerifyReport } from './verify-export.ts';
export { verifyExport } from './verify-export.ts';
export type { VerifyProblem } from './verify-problem.ts';
