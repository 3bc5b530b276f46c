// Axe in the page: what it finds serious or critical, in words.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright';

interface Violation {
  id: string;
  impact: string | null;
  help: string;
  nodes: { target: string[]; html: string; failureSummary?: string }[];
}

const GRAVE = ['serious', 'critical'];
let source: string | null | undefined;

/** Reason to skip a suite; false where axe is installed. */
export function skipWithoutAxe(): string | false {
  return axeSource() === null ? 'axe-core is not installed' : false;
}

/** One line per grave issue and element; of what is before the user now. */
export async function graveIssues(page: Page): Promise<string[]> {
  await page.evaluate(axeSource()!);
  const violations = (await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)",
  )) as Violation[];
  return violations
    .filter(({ impact }) => GRAVE.includes(impact ?? ''))
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, html, failureSummary = '' }) => {
        const why = failureSummary.split('\n').slice(1).join(' ').trim();
        return `${id}: ${help}: ${target.join(' ')}: ${why}: ${html.slice(0, 160)}`;
      }),
    );
}

function axeSource(): string | null {
  if (source !== undefined) return source;
  try {
    source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  } catch {
    source = null;
  }
  return source;
}
