// Words of the station Export.

export const exportTexts = {
  title: 'Export',
  purpose: 'Carry the set away, verified.',
  coming: 'This station is being built.',
};
