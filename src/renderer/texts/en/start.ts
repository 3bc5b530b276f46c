// Words of the first page.

export const start = {
  title: 'Flawsmith',
  lead: 'Turns a few photos of defects into many, with exact masks. Everything stays on this PC.',
  sample: 'Try it with the sample product',
  sampleAbout:
    'Makes a workspace with 58 pictures of a drawn metal part. From there to an exported set takes about a quarter of an hour.',
  create: 'New workspace',
  createAbout:
    'A folder that holds your pictures, labels, models and results. Moving the folder moves everything.',
  open: 'Open a workspace',
  openAbout: 'A folder that was made with Flawsmith before.',
  recent: 'Opened lately',
  pickNew: 'Where shall the new workspace go?',
  pickOpen: 'Which workspace?',
  newName: 'Flawsmith',
  opening: 'Opening …',
  notOne: 'This folder is no workspace.',
};
