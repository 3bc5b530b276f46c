// Accessibility: no serious issue by axe on any station and dialog, dark and light; everything by keyboard; the ? sheet.

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { Page } from 'playwright';
import { STATION_IDS } from '../../src/renderer/stations/station.ts';
import { graveIssues, skipWithoutAxe } from './support/axe.ts';
import { skipWithoutChromium } from './support/chromium.ts';
import { generateDents, plateWorkspace } from './support/plate-workspace.ts';
import { openWorkbench, type WorkbenchOptions } from './support/workbench.ts';

type Control = readonly [role: 'button' | 'radio' | 'tab', name: string];
/** Dialogs by the number key of their station and the controls that lead to them. */
const DIALOGS: readonly [station: number, ...way: Control[]][] = [
  [1, ['button', 'Import pictures']],
  [1, ['tab', 'Splits'], ['button', 'Divide by a rule']],
  [1, ['tab', 'Splits'], ['button', 'Name physical parts']],
  [2, ['button', 'Name and colour of dent']],
  [4, ['radio', 'Painted zones'], ['button', 'Paint …']],
  [4, ['radio', 'Box'], ['button', 'Draw the box …']],
  [4, ['button', 'Choose …']],
  [5, ['button', 'Correct the mask M']],
];

describe('accessibility', { skip: skipWithoutChromium() || skipWithoutAxe() }, () => {
  for (const theme of ['dark', 'light'] as const) {
    test(`no serious issue on the first page, the stations, the sheets and the dialogs (${theme})`, async (t) => {
      const found: string[] = [];
      const check = async (page: Page, where: string): Promise<void> => {
        found.push(...(await graveIssues(page)).map((issue) => `${where}: ${issue}`));
      };
      await checkFirstPage(t, { theme }, check);
      await checkEmptyStations(t, { theme }, check);
      const workspace = await plateWorkspace(t, (client) => generateDents(client, 3));
      const { page, faults } = await openWorkbench(t, { theme, workspace });
      for (const [index, id] of STATION_IDS.entries()) {
        await visit(page, index + 1);
        await check(page, id);
      }
      for (const [station, ...way] of DIALOGS) await checkDialog(page, station, way, check);
      await checkSheets(page, check);
      assert.deepEqual(found, []);
      assert.deepEqual(faults, []);
    });
  }

  test('every control is reached by Tab, shows its focus, and has a name', async (t) => {
    const workspace = await plateWorkspace(t, (client) => generateDents(client, 2));
    const { page } = await openWorkbench(t, { workspace });
    for (const [index, id] of STATION_IDS.entries()) {
      await visit(page, index + 1);
      await page.evaluate('document.activeElement?.blur()');
      const unreached = await tabThrough(page);
      assert.deepEqual(unreached, [], id);
    }
  });

  test('the ? sheet lists the keys of the station that is open', async (t) => {
    const workspace = await plateWorkspace(t, (client) => generateDents(client, 1));
    const { page } = await openWorkbench(t, { workspace });
    for (const [key, said] of [
      [2, 'Brush'],
      [5, 'Accept'],
    ] as const) {
      await visit(page, key);
      await page.keyboard.press('?');
      const sheet = page.getByRole('dialog', { name: 'Keys' });
      await sheet.getByText('Go to Review').waitFor();
      await sheet.getByText(said).first().waitFor();
      const keys = await sheet.locator('kbd').count();
      assert.ok(keys > 12, `${keys} keys`);
      await page.keyboard.press('Escape');
      await sheet.waitFor({ state: 'detached' });
    }
  });
});

type Check = (page: Page, where: string) => Promise<void>;

async function checkFirstPage(t: TestContext, options: WorkbenchOptions, check: Check): Promise<void> {
  const { page, browser } = await openWorkbench(t, { ...options, workspace: null });
  await check(page, 'first page');
  await page.getByRole('button', { name: 'New workspace' }).press('Enter');
  await page.getByRole('dialog').waitFor();
  await check(page, 'folder dialog');
  await browser.close();
}

async function checkEmptyStations(t: TestContext, options: WorkbenchOptions, check: Check): Promise<void> {
  const { page, browser } = await openWorkbench(t, options);
  for (const [index, id] of STATION_IDS.entries()) {
    await visit(page, index + 1);
    await check(page, `${id}, empty`);
  }
  await browser.close();
}

async function checkDialog(
  page: Page,
  station: number,
  way: readonly Control[],
  check: Check,
): Promise<void> {
  await visit(page, station);
  for (const [role, name] of way) await page.getByRole(role, { name, exact: true }).first().click();
  await page.locator('dialog[open]').first().waitFor();
  await page.waitForLoadState('networkidle');
  await check(page, `${STATION_IDS[station - 1]}, ${way.at(-1)![1]}`);
  for (let open = await page.locator('dialog[open]').count(); open > 0; open--) {
    await page.keyboard.press('Escape');
    await page.waitForFunction(`document.querySelectorAll('dialog[open]').length < ${open}`);
  }
}

async function checkSheets(page: Page, check: Check): Promise<void> {
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await check(page, 'keys');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Settings' }).press('Enter');
  await page.getByRole('dialog').waitFor();
  await check(page, 'settings');
  await page.getByRole('button', { name: 'Base packs …' }).press('Enter');
  await page.getByRole('region', { name: /^About/ }).waitFor();
  await check(page, 'base packs');
  await page.keyboard.press('Escape');
}

/** The station is there and has loaded what it shows. */
async function visit(page: Page, key: number): Promise<void> {
  await page.keyboard.press(`Alt+${key}`);
  await page.locator(`nav button:nth-of-type(${key})[aria-current=page]`).waitFor();
  await page.locator('.station-page [aria-busy=true]').waitFor({ state: 'detached' });
  await page.waitForLoadState('networkidle');
  await page.evaluate(UNFOLD);
  await settled(page);
}

/** Nothing that can be used has come or gone for a second: answers of the engine are all there. */
async function settled(page: Page): Promise<void> {
  for (let [before, same] = [-1, 0]; same < 5; ) {
    const now = await page.locator('button:enabled, input:enabled, select:enabled, a[href]').count();
    same = now === before ? same + 1 : 0;
    before = now;
    await page.waitForTimeout(200);
  }
}

/** Run in the page: what is folded is looked at too. */
const UNFOLD = "for (const folded of document.querySelectorAll('details')) folded.open = true";

/** Run in the page: forgets what the focus has met. */
const FORGET = `for (const met of document.querySelectorAll('[data-met]')) met.removeAttribute('data-met')`;

/** Run in the page: notes what has the focus and whether that is seen; true where it was met before. */
const MEET = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return false;
  if (element.hasAttribute('data-met')) return true;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const { content, borderTopWidth } = getComputedStyle(element, '::after');
  const outlined = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0;
  const seen = outlined || (content !== 'none' && Number.parseFloat(borderTopWidth) > 0);
  element.setAttribute('data-met', seen ? 'seen' : 'unseen');
  return false;
})()`;

/** Run in the page. Of a group of choices, one is reached by Tab and the others by the arrows. */
const MISSED = `(() => {
  const controls = document.querySelectorAll(
    'button:enabled, a[href], input:enabled, select:enabled, textarea:enabled, summary',
  );
  const missed = [...controls].filter((control) => {
    if (!control.checkVisibility({ visibilityProperty: true })) return false;
    if (control.matches('input[type=radio]')) return false;
    if (control.tabIndex < 0 && control.closest('[role=radiogroup], [role=tablist], [role=grid], [role=toolbar], [role=listbox]'))
      return false;
    return control.getAttribute('data-met') !== 'seen';
  });
  return missed.map((control) => (control.getAttribute('data-met') ?? 'missed') + ': ' + control.outerHTML.slice(0, 140));
})()`;

/** Presses Tab until the focus comes round; gives visible controls that it never met, or met without a visible focus. */
async function tabThrough(page: Page): Promise<string[]> {
  await page.evaluate(FORGET);
  for (let presses = 0; presses < 400; presses++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(MEET)) break;
  }
  return page.evaluate(MISSED);
}
