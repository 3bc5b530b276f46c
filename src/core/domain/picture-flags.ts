// Why a person should look at a generated picture.

/** Every flag a generator may give, in the order of the checks. */
export const PICTURE_FLAGS = ['outside', 'area', 'agreement', 'contrast', 'empty-mask'] as const;
export type PictureFlag = (typeof PICTURE_FLAGS)[number];
