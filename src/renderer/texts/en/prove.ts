// Words of the station Prove.

export const prove = {
  title: 'Prove',
  purpose: 'Measure whether the new pictures help a detector.',
  coming: 'This station is being built.',
};
