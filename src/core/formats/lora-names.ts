// Names of low-rank adapters in the dialects of diffusers (PEFT and its forerunners) and kohya, both ways.

export type LoraNetwork = 'unet' | 'text';
export type LoraDialect = 'diffusers' | 'kohya';

/** One adapted weight of a file: W + scale * up down. */
export interface LoraModule {
  readonly network: LoraNetwork;
  /** Module path in the state dict, without `.weight`. */
  readonly module: string;
  /** Tensor names in the file. */
  readonly up: string;
  readonly down: string;
  readonly alpha: string | null;
}

export interface LoraNames {
  readonly modules: readonly LoraModule[];
  readonly dialect: LoraDialect;
  /** Names that belong to no module of the networks. */
  readonly unknown: readonly string[];
}

/** Modules of the networks the file is for; `aliases` are further names of the same module (original layout). */
export interface LoraTargets {
  readonly network: LoraNetwork;
  readonly modules: readonly string[];
  readonly aliases?: (module: string) => readonly string[];
}

/** Prefixes per network: PEFT's, then kohya's (`te1` is the first text encoder of newer tools). */
const DOTTED: Readonly<Record<LoraNetwork, readonly string[]>> = { unet: ['unet.'], text: ['text_encoder.'] };
const FLAT: Readonly<Record<LoraNetwork, readonly string[]>> = {
  unet: ['lora_unet_'],
  text: ['lora_te_', 'lora_te1_'],
};

const flat = (module: string): string => module.replaceAll('.', '_');

/** Ways to write "this is the `down` (or `up`) of module X", the module as first group. */
const SIDES: readonly (readonly [pattern: RegExp, side: (found: string) => 'up' | 'down' | 'alpha'])[] = [
  [/^(.+)\.(lora_A|lora_B)(?:\.[\w-]+)?\.weight$/, (f) => (f === 'lora_B' ? 'up' : 'down')],
  [/^(.+)\.(lora_up|lora_down)\.weight$/, (f) => (f === 'lora_up' ? 'up' : 'down')],
  [/^(.+)\.lora(?:_linear_layer|_conv_layer)?\.(up|down)\.weight$/, (f) => f as 'up' | 'down'],
  [/^(.+_lora)\.(up|down)\.weight$/, (f) => f as 'up' | 'down'],
  [/^(.+)\.(alpha)$/, () => 'alpha'],
];

/** `attn1.processor.to_out_lora` -> `attn1.to_out.0`; in a text encoder `self_attn.to_q_lora` -> `self_attn.q_proj`. */
function oldAttention(module: string): string {
  const found = /^(.+?)(?:\.processor)?\.to_(q|k|v|out)_lora$/.exec(module);
  if (!found) return module;
  const [, base, name] = found;
  if (base.endsWith('self_attn')) return `${base}.${name}_proj`;
  return name === 'out' ? `${base}.to_out.0` : `${base}.to_${name}`;
}

/** Every spelling of every module, to what it means. */
function spellings(targets: readonly LoraTargets[]): Map<string, Pick<LoraModule, 'network' | 'module'>> {
  const table = new Map<string, Pick<LoraModule, 'network' | 'module'>>();
  for (const { network, modules, aliases } of targets) {
    for (const module of modules) {
      const meaning = { network, module };
      for (const spelling of [module, ...(aliases?.(module) ?? [])]) {
        for (const prefix of ['', ...DOTTED[network]]) table.set(prefix + spelling, meaning);
        for (const prefix of FLAT[network]) table.set(prefix + flat(spelling), meaning);
      }
    }
  }
  return table;
}

/** Reads the names of a LoRA file against the networks it shall go on. */
export function readLoraNames(names: readonly string[], targets: readonly LoraTargets[]): LoraNames {
  const known = spellings(targets);
  const found = new Map<
    string,
    { meaning: Pick<LoraModule, 'network' | 'module'>; sides: Map<string, string> }
  >();
  const unknown: string[] = [];
  let isKohya = false;
  for (const name of names) {
    const plain = name.replace(/^base_model\.model\./, '');
    const match = SIDES.map(([pattern, side]) => {
      const [, module, kind] = pattern.exec(plain) ?? [];
      return module === undefined ? null : { module: oldAttention(module), side: side(kind) };
    }).find((m) => m !== null);
    const meaning = match && known.get(match.module);
    if (!match || !meaning) {
      unknown.push(name);
      continue;
    }
    isKohya ||= plain.startsWith('lora_');
    const key = `${meaning.network} ${meaning.module}`;
    const entry = found.get(key) ?? { meaning, sides: new Map<string, string>() };
    entry.sides.set(match.side, name);
    found.set(key, entry);
  }
  const modules: LoraModule[] = [];
  for (const { meaning, sides } of found.values()) {
    const [up, down] = [sides.get('up'), sides.get('down')];
    if (up === undefined || down === undefined) unknown.push(...sides.values());
    else modules.push({ ...meaning, up, down, alpha: sides.get('alpha') ?? null });
  }
  return { modules, dialect: isKohya ? 'kohya' : 'diffusers', unknown };
}

/** Names under which one module is written; `alpha` only where the dialect has it. */
export function loraNames(
  dialect: LoraDialect,
  network: LoraNetwork,
  module: string,
): { up: string; down: string; alpha: string | null } {
  if (dialect === 'diffusers') {
    const base = DOTTED[network][0] + module;
    return { up: `${base}.lora_B.weight`, down: `${base}.lora_A.weight`, alpha: null };
  }
  const base = FLAT[network][0] + flat(module);
  return { up: `${base}.lora_up.weight`, down: `${base}.lora_down.weight`, alpha: `${base}.alpha` };
}
