// labels.types, addType, changeType, removeType: the defect types of a product.

import { AppError } from '../../core/base/errors.ts';
import type { EngineContext } from '../engine-context.ts';
import { appendAudit } from '../store/audit.ts';
import type { ReadableDb } from '../store/database.ts';
import { insertType } from '../store/products.ts';
import {
  deleteType,
  findShownType,
  isTypeInPictures,
  isTypeInRuns,
  listShownTypes,
  renameType,
  type ShownType,
  setTypeColour,
  TYPE_COLOURS,
} from '../store/type-changes.ts';
import { chooseProduct } from './choose-product.ts';

export async function labelTypes(context: EngineContext, input: { product?: string }) {
  return context.reading(({ db }) => ({
    types: listShownTypes(db, chooseProduct(db, input.product).id).map(toShown),
  }));
}

export async function addType(context: EngineContext, input: { product?: string; name: string }) {
  const { db } = await context.writable();
  const product = chooseProduct(db, input.product);
  const name = input.name.trim();
  return db.transaction(() => {
    const types = listShownTypes(db, product.id);
    assertNewName(types, name);
    const id = context.clock.newId();
    insertType(db, { id, productId: product.id, name });
    const free = TYPE_COLOURS.find((colour) => !types.some((type) => type.colour === colour));
    setTypeColour(db, id, free ?? TYPE_COLOURS[types.length % TYPE_COLOURS.length]);
    appendAudit(db, context.clock.now(), { event: 'type-added', product: product.name, name });
    return toShown(findShownType(db, id)!);
  });
}

export async function changeType(
  context: EngineContext,
  input: { id: string; name?: string; colour?: string },
) {
  const { db } = await context.writable();
  return db.transaction(() => {
    const type = typeOf(db, input.id);
    const name = input.name?.trim();
    if (name !== undefined && name !== type.name) {
      assertNewName(listShownTypes(db, type.productId), name);
      if (isTypeInRuns(db, type)) {
        throw new AppError(
          'usage',
          `"${type.name}" keeps its name: a fine-tune or generated pictures use it`,
          {
            hint: 'Add a type with the new name for what comes from now on.',
          },
        );
      }
      renameType(db, type.id, name);
      appendAudit(db, context.clock.now(), { event: 'type-renamed', from: type.name, to: name });
    }
    if (input.colour !== undefined) setTypeColour(db, type.id, input.colour);
    return toShown(findShownType(db, type.id)!);
  });
}

export async function removeType(context: EngineContext, input: { id: string }) {
  const { db } = await context.writable();
  return db.transaction(() => {
    const type = typeOf(db, input.id);
    if (isTypeInPictures(db, type.id) || isTypeInRuns(db, type)) {
      throw new AppError('usage', `"${type.name}" cannot be removed: pictures or runs use it`, {
        hint: 'Types that are no longer marked in any picture are left out of training by themselves.',
      });
    }
    deleteType(db, type.id);
    appendAudit(db, context.clock.now(), { event: 'type-removed', name: type.name });
    return {};
  });
}

function typeOf(db: ReadableDb, id: string): ShownType {
  const type = findShownType(db, id);
  if (type === undefined) throw new AppError('not-found', `there is no defect type ${id} in this workspace`);
  return type;
}

function assertNewName(types: readonly ShownType[], name: string): void {
  if (name === '') throw new AppError('usage', 'a defect type needs a name');
  const twin = types.find((type) => type.name.toLowerCase() === name.toLowerCase());
  if (twin === undefined) return;
  throw new AppError('usage', `there is a type "${twin.name}" already`, { hint: 'Choose another name.' });
}

function toShown({ id, name, colour, pictures }: ShownType) {
  return { id, name, colour, pictures };
}
