// What every text tokenizer of a pack offers: prompts in, token ids out, new tokens for a product's defects.

export interface Tokenizer {
  /** Ids of a prompt with its start and end marks (where the kind has them), neither cut nor padded. */
  encode(text: string): number[];
  /** Exactly `maxLength` ids: cut (the end mark stays) and padded, as the text encoder takes them. */
  encodePadded(text: string): number[];
  /** Id of one whole token as the vocabulary spells it (`a</w>`, `sks1`), or undefined. */
  idOf(token: string): number | undefined;
  /** The vocabulary's spelling of an id, or undefined. */
  tokenOf(id: number): string | undefined;
  /**
   * Makes each name one token of its own, found anywhere in a prompt. Returns one id per name: a known name keeps
   * its id, new ones continue at `vocabSize` in the order given (the rows to append to the token table).
   */
  addTokens(names: readonly string[]): number[];
  /** Number of ids, added ones included: rows of the token table. */
  readonly vocabSize: number;
  /** Positions of the text encoder: 77 for CLIP. */
  readonly maxLength: number;
}
