// The address of a picture as the contract's request: `KIND/ID` and a query.

import { type MediaRequest, mediaRequest } from '../../contract/methods/media.ts';

/** Null where the address does not fit the contract's schema. */
export function toMediaRequest(path: string, query: URLSearchParams): MediaRequest | null {
  const [kind, id, ...rest] = path.split('/');
  // `r` only tells one revision's address from the next.
  const given = [...query].filter(([key]) => key !== 'r');
  const numbers = Object.fromEntries(given.map(([key, value]) => [key, Number(value)]));
  const parsed = mediaRequest.safeParse({ ...numbers, kind, id });
  return parsed.success && rest.length === 0 ? parsed.data : null;
}
