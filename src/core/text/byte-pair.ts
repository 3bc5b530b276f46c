// Byte-pair merging: splits one word into the pieces a trained merge list allows.
// Source: Sennrich et al. 2016, "Neural Machine Translation of Rare Words with Subword Units", algorithm 1.

/** A merge list: each pair is joined in order of rank (0 first). */
export type Merges = readonly (readonly [string, string])[];

/** Returns a function from symbols (a word's letters, the last with its end mark) to pieces. Results are cached. */
export function bytePairMerger(merges: Merges): (symbols: readonly string[]) => readonly string[] {
  const ranks = new Map(merges.map(([left, right], rank) => [`${left} ${right}`, rank]));
  const cache = new Map<string, readonly string[]>();

  /** The pair of neighbours with the lowest rank, or null when none may be joined. */
  const bestPair = (word: readonly string[]): readonly [string, string] | null => {
    let best: readonly [string, string] | null = null;
    let bestRank = Infinity;
    for (let i = 0; i + 1 < word.length; i++) {
      const rank = ranks.get(`${word[i]} ${word[i + 1]}`) ?? Infinity;
      if (rank < bestRank) {
        bestRank = rank;
        best = [word[i], word[i + 1]];
      }
    }
    return best;
  };

  /** Joins every occurrence of the pair, from the left. */
  const join = (word: readonly string[], [left, right]: readonly [string, string]): string[] => {
    const joined: string[] = [];
    for (let i = 0; i < word.length; i++) {
      const isPair = word[i] === left && word[i + 1] === right;
      joined.push(isPair ? left + right : word[i]);
      if (isPair) i++;
    }
    return joined;
  };

  return (symbols) => {
    const key = symbols.join(' ');
    const known = cache.get(key);
    if (known) return known;
    let word: readonly string[] = symbols;
    for (let pair = bestPair(word); pair; pair = bestPair(word)) word = join(word, pair);
    cache.set(key, word);
    return word;
  };
}
