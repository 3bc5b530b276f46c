// Which addresses are of this program itself. All others are refused.

/** Scheme and host of the window's page and of everything that it loads. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'flawsmith';
export const APP_PAGE = `${APP_SCHEME}://${APP_HOST}/index.html`;

/** What a page makes itself, and the developer's tools. */
const WITHOUT_HOST = ['data:', 'blob:', 'devtools:'];

/** Whether an address is of this window's own files, or of the developer's server. */
export function isOwn(address: string, devServer: string | undefined): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host } = new URL(address);
  if (WITHOUT_HOST.includes(protocol)) return true;
  if (protocol === `${APP_SCHEME}:`) return host === APP_HOST;
  return devServer !== undefined && /^(https?|wss?):$/.test(protocol) && host === new URL(devServer).host;
}
