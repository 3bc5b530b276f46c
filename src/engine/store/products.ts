// Products (inspected parts) and their defect types.

import type { ReadableDb, WritableDb } from './database.ts';

export interface Product {
  id: string;
  name: string;
  createdAt: number;
}

export interface DefectType {
  id: string;
  productId: string;
  name: string;
}

const PRODUCT = 'SELECT id, name, created_at AS createdAt FROM products';
const TYPE = 'SELECT id, product_id AS productId, name FROM defect_types';

export function listProducts(db: ReadableDb): Product[] {
  return db.all<Product>(`${PRODUCT} ORDER BY name`);
}

export function findProduct(db: ReadableDb, name: string): Product | undefined {
  return db.get<Product>(`${PRODUCT} WHERE name = ?`, name);
}

export function getProduct(db: ReadableDb, id: string): Product | undefined {
  return db.get<Product>(`${PRODUCT} WHERE id = ?`, id);
}

export function insertProduct(db: WritableDb, product: Product): void {
  db.run(
    'INSERT INTO products (id, name, created_at) VALUES (?, ?, ?)',
    product.id,
    product.name,
    product.createdAt,
  );
}

/** Sorted by name, by code point. */
export function listTypes(db: ReadableDb, productId: string): DefectType[] {
  return db.all<DefectType>(`${TYPE} WHERE product_id = ? ORDER BY name`, productId);
}

export function insertType(db: WritableDb, type: DefectType): void {
  db.run(
    'INSERT INTO defect_types (id, product_id, name) VALUES (?, ?, ?)',
    type.id,
    type.productId,
    type.name,
  );
}
