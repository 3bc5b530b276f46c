// Colours of defect types, and changing a type as long as nothing depends on its name.

import type { ReadableDb, WritableDb } from './database.ts';

export interface ShownType {
  id: string;
  productId: string;
  name: string;
  colour: string;
  /** Pictures that have it now. */
  pictures: number;
}

/** Easy to tell apart on grey, for colour-blind eyes too; given in the order the types came. */
export const TYPE_COLOURS = [
  '#ff4f8b',
  '#33bbee',
  '#ffb000',
  '#44cc77',
  '#aa77ff',
  '#ff7733',
  '#00d5c5',
  '#dddd33',
  '#ee88dd',
  '#88aaff',
] as const;

export function listShownTypes(db: ReadableDb, productId: string): ShownType[] {
  const rows = db.all<Omit<ShownType, 'colour'> & { colour: string | null }>(
    `SELECT t.id, t.product_id AS productId, t.name, c.colour,
       (SELECT count(*) FROM images i WHERE i.type_id = t.id AND i.role = 'defect' AND i.superseded_by IS NULL) AS pictures
     FROM defect_types t LEFT JOIN type_colours c ON c.type_id = t.id WHERE t.product_id = ? ORDER BY t.id`,
    productId,
  );
  return rows.map((row, i) => ({ ...row, colour: row.colour ?? TYPE_COLOURS[i % TYPE_COLOURS.length] }));
}

export function findShownType(db: ReadableDb, id: string): ShownType | undefined {
  const sql = 'SELECT product_id AS productId FROM defect_types WHERE id = ?';
  const owner = db.get<{ productId: string }>(sql, id);
  return owner === undefined ? undefined : listShownTypes(db, owner.productId).find((type) => type.id === id);
}

export function setTypeColour(db: WritableDb, id: string, colour: string): void {
  db.run(
    'INSERT INTO type_colours (type_id, colour) VALUES (?, ?) ON CONFLICT (type_id) DO UPDATE SET colour = excluded.colour',
    id,
    colour,
  );
}

export function renameType(db: WritableDb, id: string, name: string): void {
  db.run('UPDATE defect_types SET name = ? WHERE id = ?', name, id);
}

/** Whether a fine-tune or generated pictures know the type by its name. */
export function isTypeInRuns(db: ReadableDb, { id, productId, name }: ShownType): boolean {
  const row = db.get<{ used: number }>(
    `SELECT EXISTS (SELECT 1 FROM generations WHERE type_id = @id) OR EXISTS
       (SELECT 1 FROM token_sets s, json_each(s.types) n WHERE s.product_id = @productId AND n.value = @name) AS used`,
    { id, productId, name },
  );
  return row!.used === 1;
}

/** Whether any picture, past or present, or any label names the type. */
export function isTypeInPictures(db: ReadableDb, id: string): boolean {
  const row = db.get<{ used: number }>(
    `SELECT EXISTS (SELECT 1 FROM images WHERE type_id = @id) OR EXISTS (SELECT 1 FROM annotations WHERE type_id = @id)
       OR EXISTS (SELECT 1 FROM label_steps s WHERE json_extract(s.step, '$.layer') = @id
         OR json_extract(s.step, '$.type') = @id) AS used`,
    { id },
  );
  return row!.used === 1;
}

export function deleteType(db: WritableDb, id: string): void {
  db.run('DELETE FROM type_colours WHERE type_id = ?', id);
  db.run('DELETE FROM defect_types WHERE id = ?', id);
}
