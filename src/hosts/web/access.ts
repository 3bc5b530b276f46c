// Who may talk to the web host: windows of this very address that have shown the token of this very start.

import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export type Refusal = 'host' | 'origin' | 'token';

export class Access {
  /** In the printed address; shown once, it gives the window its cookie. */
  readonly token = randomBytes(32).toString('base64url');
  readonly #secret = randomBytes(32).toString('base64url');
  readonly #authority: string;
  readonly #cookieName: string;

  constructor(port: number) {
    this.#authority = `127.0.0.1:${port}`;
    this.#cookieName = `flawsmith_${port}`;
  }

  get origin(): string {
    return `http://${this.#authority}`;
  }

  get cookie(): string {
    return `${this.#cookieName}=${this.#secret}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** A name that merely resolves to this PC (DNS rebinding), and pages of other origins, are refused. */
  checkPlace(request: IncomingMessage, needsOrigin: boolean): Refusal | null {
    if (request.headers.host !== this.#authority) return 'host';
    const { origin } = request.headers;
    if (origin === undefined ? needsOrigin : origin !== this.origin) return 'origin';
    const site = request.headers['sec-fetch-site'];
    return site === undefined || site === 'same-origin' || site === 'none' ? null : 'origin';
  }

  hasCookie(request: IncomingMessage): boolean {
    const cookies = (request.headers.cookie ?? '').split(';').map((part) => part.trim());
    const own = cookies.find((part) => part.startsWith(`${this.#cookieName}=`));
    return own !== undefined && same(own.slice(this.#cookieName.length + 1), this.#secret);
  }

  isToken(given: string | null): boolean {
    return given !== null && same(given, this.token);
  }
}

function same(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
