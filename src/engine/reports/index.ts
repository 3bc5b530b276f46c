// The door to reports.

export type {
  DemoReport,
  ReportCheck,
  ReportCurve,
  ReportNumber,
  ReportPicture,
  ReportSeries,
  ReportSheet,
} from './demo-report.ts';
export { renderDemoReport } from './render-demo-report.ts';
