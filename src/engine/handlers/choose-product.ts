// Finds the product a command is about: the one that is named, or the only one.

import { AppError } from '../../core/base/errors.ts';
import type { ReadableDb } from '../store/database.ts';
import { listProducts, type Product } from '../store/products.ts';

/** Throws `not-found` where there is none, and `usage` where a choice is needed. */
export function chooseProduct(db: ReadableDb, name: string | undefined): Product {
  const products = listProducts(db);
  const names = products.map((product) => product.name).join(', ');
  if (products.length === 0) {
    throw new AppError('not-found', 'the workspace holds no pictures yet', {
      file: db.file,
      hint: 'Bring some in with: flawsmith import FOLDER',
    });
  }
  if (name === undefined) {
    if (products.length === 1) return products[0];
    throw new AppError('usage', `the workspace holds ${products.length} products: ${names}`, {
      hint: 'Name one of them with --product.',
    });
  }
  const product = products.find((candidate) => candidate.name === name);
  if (product !== undefined) return product;
  throw new AppError('not-found', `there is no product "${name}" in this workspace`, {
    hint: `It holds: ${names}.`,
  });
}
