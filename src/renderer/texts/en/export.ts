// Words of the station Export.

import type { ExportFormat } from '../../../core/formats/annotations/export-formats.ts';

/** What a remark of the preflight is about; numbers come as words. */
export interface Found {
  file: string;
  other: string;
  count: string;
  limit: string;
}

export const exportTexts = {
  title: 'Export',
  purpose: 'Carry the set away, verified.',
  noPictures: 'Nothing to carry away yet',
  noPicturesText:
    'An export is a folder with pictures, masks and labels in the format your inspection software reads. Bring in pictures first.',
  toPictures: 'Bring in pictures',
  what: 'What',
  where: 'Where',
  go: 'Go',
  content: 'Pictures',
  parts: { both: 'Accepted and real', generated: 'Accepted only', real: 'Real only' } as Record<
    string,
    string
  >,
  accepted: (n: number): string => (n === 1 ? '1 accepted' : `${n.toLocaleString()} accepted`),
  real: (n: number): string => (n === 1 ? '1 real' : `${n.toLocaleString()} real`),
  noneAccepted: 'No generated picture is accepted yet.',
  toReview: 'Review',
  format: 'Format',
  formats: {
    mvtec: 'MVTec AD',
    visa: 'VisA',
    coco: 'COCO',
    'yolo-seg': 'YOLO segmentation',
    labelme: 'LabelMe',
    voc: 'Pascal VOC',
    cvat: 'CVAT 1.1',
    'label-studio': 'Label Studio',
    masks: 'Pictures and masks',
  } as Record<ExportFormat, string>,
  aboutFormat: {
    mvtec: 'Folders per type with mask pictures. For anomaly detectors, for example anomalib.',
    visa: 'Pictures, masks and lists of splits. For anomaly detectors.',
    coco: 'One JSON file per split, masks as run lengths, exact with holes. For most training software.',
    'yolo-seg': 'One text file of outlines per picture. For YOLO.',
    labelme: 'One JSON file of outlines beside each picture. To go on labelling in LabelMe.',
    voc: 'XML files, class and object masks, lists of splits.',
    cvat: 'One XML file, masks exact with holes. To go on labelling in CVAT.',
    'label-studio': 'One JSON file with brush masks. To go on labelling in Label Studio.',
    masks: 'Plain folders of pictures and black-and-white masks. For everything else.',
  } as Record<ExportFormat, string>,
  types: 'Defect types',
  ofType: (name: string, n: number): string => `${name} (${n.toLocaleString()})`,
  splits: 'Splits',
  splitNames: { train: 'Train', validation: 'Validation', test: 'Test' } as Record<string, string>,
  drives: 'Drives',
  drive: {
    stick: 'Removable',
    network: 'Network',
    home: 'This computer',
    full: 'write-protected',
  },
  free: (free: string, total: string): string => `${free} free of ${total}`,
  freeUnknown: 'free space unknown',
  noDrives: 'No drive is found that can be written to.',
  lookingForDrives: 'Looking for drives …',
  otherFolder: 'Choose a folder …',
  chooseFolder: 'Folder that the export goes into',
  chosenFolder: 'Into the folder',
  name: 'Name of the new folder',
  summary: (pictures: string, size: string): string => `${pictures}, about ${size}`,
  noneChosen: 'Choose where to first.',
  checking: 'Looking whether it fits …',
  ready: 'Nothing stands in the way.',
  start: 'Export and verify',
  stopsTitle: 'This cannot work',
  warnsTitle: 'Good to know',
  nameIt: (name: string): string => `Name it ${name}`,
  stops: {
    nothing: () => ['Nothing is left with this choice.', 'Take more types or splits.'],
    'none-accepted': () => [
      'No generated picture is accepted yet.',
      'Accept some in Review, or take real pictures only.',
    ],
    'no-mask': ({ file, count }: Found) => [
      `${count} with a defect have no mask, for example ${file}.`,
      'Paint it in Label, or leave the type out.',
    ],
    'bad-name': ({ file }: Found) => [
      file === '' ? 'The folder needs a name.' : `"${file}" is no name that every system can hold.`,
      'Leave out : ? * and the like, and blanks at the end.',
    ],
    'no-folder': ({ file }: Found) => [
      `There is no folder ${file}.`,
      'Check whether the drive is plugged in, or choose another folder.',
    ],
    'not-writable': ({ file }: Found) => [
      `You may not write into ${file}.`,
      'Remove the write protection, or choose another folder.',
    ],
    exists: ({ file }: Found) => [
      `${file} is there already.`,
      'An export never writes over anything. Take another name.',
    ],
    'in-workspace': ({ file }: Found) => [
      `${file} belongs to the workspace.`,
      'Choose a folder outside of it, so that the set is not kept among the program’s own files.',
    ],
    space: ({ file, count, limit }: Found) => [
      `${file} has ${limit} free; about ${count} are needed.`,
      'Free some space, choose another drive, or take fewer pictures.',
    ],
    'file-size': ({ file, count, limit }: Found) => [
      `${file} would have ${count}; this drive holds ${limit} per file (FAT32).`,
      'Choose a drive with exFAT or NTFS, or a format with one file per picture.',
    ],
    'folder-size': ({ file, count, limit }: Found) => [
      `The folder ${file} would need ${count} entries; this drive holds ${limit} per folder (FAT32).`,
      'Choose a drive with exFAT or NTFS, or take fewer pictures.',
    ],
  } as Record<string, (about: Found) => [string, string]>,
  warns: {
    'left-out': ({ count }: Found) => [
      `${count} accepted are left out by this choice.`,
      'Generated pictures always belong to Train, never to Test or Validation.',
    ],
    holes: ({ count, limit }: Found) => [
      `${count} of ${limit} masks have holes, and this format knows outlines only.`,
      'The hole is kept by a cut in the outline, which some programs draw half a pixel wide. COCO, CVAT and mask pictures hold it exactly.',
    ],
    'several-types': ({ count }: Found) => [
      `${count} show several types; this format holds one per picture.`,
      'Such a picture appears once for each of its types. COCO holds them together.',
    ],
    'no-validation': ({ count }: Found) => [
      `${count} of Validation will count as Train.`,
      'VisA has no validation split.',
    ],
    renamed: ({ file, other, count }: Found) => [
      `${count} get another name, because not every system can hold theirs.`,
      `For example ${file} becomes ${other}. The manifest keeps the old name.`,
    ],
    'long-path': ({ count, limit }: Found) => [
      `The longest path has ${count} letters; many Windows programs stop at ${limit}.`,
      'Choose a folder nearer to the top, or a shorter name.',
    ],
  } as Record<string, (about: Found) => [string, string]>,
  running: 'Exporting',
  steps: {
    write: 'Write',
    check: 'Compare with the drive',
    read: 'Read as a data set',
  } as Record<string, string>,
  aboutSteps: {
    write: 'Every file is written through to the drive and compared.',
    check: 'Every file is read once more and its checksum compared.',
    read: 'The set is read the way its receiver will, and every mask compared.',
  } as Record<string, string>,
  stepLeft: (time: string): string => `${time} left in this step`,
  ofSteps: (at: number, all: number): string => `Step ${at} of ${all}`,
  paused: 'Paused. Nothing is lost; the drive must stay plugged in.',
  pause: 'Pause',
  goOn: 'Go on',
  stop: 'Stop',
  stopping: 'Stopping; what was written is removed …',
  stopped: 'The export was stopped. Nothing of it was left behind.',
  interrupted: 'The export was interrupted before it was complete.',
  interruptedText: (folder: string): string =>
    `What was half-written into ${folder} is removed. It does not count as an export.`,
  again: 'Start again',
  hide: 'Hide',
  done: 'Written and verified',
  doneLate: 'Written completely before the interruption',
  doneLateText: 'Verify it once more, to be sure.',
  wrote: (files: string, size: string): string => `${files} files, ${size}`,
  contains: (generated: string, real: string): string => `${generated} generated and ${real} real pictures`,
  readFromDrive: 'Every file was read back from the drive itself.',
  readFromMemory:
    'Every file was read back; this system cannot say whether from the drive or from its memory.',
  masksExact: (n: string): string => `${n} masks agree in every pixel.`,
  masksNear: (exact: string, n: string, least: string): string =>
    `${exact} of ${n} masks agree in every pixel; the least overlap is ${least}.`,
  sums: 'SHA256SUMS is in the folder; on Windows a double click on verify.cmd checks it.',
  synthetic: 'Generated pictures are marked as synthetic in names, lists and labels.',
  nowEject: 'Now eject it',
  nowEjectText: 'All is on the drive. Eject it before you unplug it.',
  eject: 'Eject',
  ejecting: 'Ejecting …',
  ejectFailed: 'The system still uses the drive. Close what shows it, and eject it there.',
  safe: 'Safe to remove',
  safeText: 'The system has let go of the drive.',
  show: 'Show the folder',
  next: 'Another export',
  earlier: 'Earlier exports',
  noneEarlier: 'Exports that you make are listed here and can be verified again at any time.',
  columns: {
    when: 'Written',
    format: 'Format',
    pictures: 'Pictures',
    size: 'Size',
    folder: 'Folder',
    state: 'State',
  },
  generatedAndReal: (generated: string, real: string): string => `${generated} + ${real}`,
  generatedAndRealTitle: 'generated + real',
  notThere: 'not there',
  notThereTitle: 'The folder was moved, or its drive is not plugged in.',
  verified: 'verified when written',
  checkedAt: (time: string): string => `unchanged on ${time}`,
  changedAt: (time: string): string => `changed, seen on ${time}`,
  verify: 'Verify',
  verifying: 'Verifying',
};
