// Tables of the 256-layer ziggurat for normal numbers from one 32-bit word (Marsaglia, Tsang 2000).

/** Start of the tail and area of each layer for 256 layers (Marsaglia, Tsang 2000). */
const TAIL = 3.6541528853610088;
const AREA = 0.00492867323399;
const LAYERS = 256;
/** A position is 23 bits wide: as fine as float32 can tell. */
const POSITIONS = 8388608;

export interface ZigguratTables {
  /** Value per unit of position, per layer; entries 256..511 are the same, negated (bit 8 is the sign). */
  readonly x: Float64Array;
  /** exp(-x^2/2) at each layer's right edge. */
  readonly y: Float64Array;
  /** Positions below this are inside the curve without a test. */
  readonly k: Int32Array;
  /** Where the tail begins. */
  readonly r: number;
}

function build(): ZigguratTables {
  const density = (t: number) => Math.exp(-0.5 * t * t);
  const x = new Float64Array(2 * LAYERS);
  const y = new Float64Array(LAYERS);
  const k = new Int32Array(LAYERS);
  const base = AREA / density(TAIL);
  k[0] = Math.floor((TAIL / base) * POSITIONS);
  x[0] = base / POSITIONS;
  y[0] = 1;
  let edge = TAIL;
  x[LAYERS - 1] = edge / POSITIONS;
  y[LAYERS - 1] = density(edge);
  for (let i = LAYERS - 2; i >= 1; i--) {
    const inner = Math.sqrt(-2 * Math.log(AREA / edge + density(edge)));
    k[i + 1] = Math.floor((inner / edge) * POSITIONS);
    x[i] = inner / POSITIONS;
    y[i] = density(inner);
    edge = inner;
  }
  k[1] = 0;
  for (let i = 0; i < LAYERS; i++) x[LAYERS + i] = -x[i];
  return { x, y, k, r: TAIL };
}

export const ZIGGURAT: ZigguratTables = build();
