// Words of the station Fine-tune.

export const fineTune = {
  title: 'Fine-tune',
  purpose: 'Let the model learn your defects from a few pictures.',
  coming: 'This station is being built.',
};
