import { chromium } from 'playwright';
import { forkNodeEngine } from './src/hosts/desk/fork-node.ts';
import { startWebHost } from './src/hosts/web/server.ts';
import { builtWindow } from './test/ui/support/window-build.ts';
import { launchOptions } from './test/ui/support/chromium.ts';
const host = await startWebHost({ port: 0, renderer: await builtWindow(), configFolder: '/tmp/label/config', fork: forkNodeEngine });
await host.desk.open('/tmp/label/ws', false);
const browser = await chromium.launch(launchOptions());
const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
page.on('crash', () => console.log('CRASH')); page.on('console', (m) => console.log('console', m.type(), m.text())); page.on('pageerror', (e) => console.log('pageerror', e)); browser.on('disconnected', () => console.log('disconnected'));
page.on('requestfailed', (r) => console.log('failed', r.url(), r.failure()?.errorText));
try {
await page.goto(host.address);
await page.getByRole('navigation').first().waitFor();
await page.keyboard.press('Alt+2');
await page.getByRole('application', { name: /jpg/ }).waitFor({ timeout: 15000 });
const t0 = Date.now();
await page.waitForTimeout(6000);
await page.screenshot({ path: '/tmp/label/shots/big.png' });
console.log('shot');
} catch (e) { console.log(String(e)); await page.screenshot({ path: '/tmp/label/shots/big.png' }); }
await browser.close(); await host.close();
