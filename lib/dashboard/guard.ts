/** Who may ask for what: the token, the host, the origin. */
import { Buffer } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";

/** A token that cannot be guessed: 256 random bits, as they go into a URL. */
export function drawToken(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32)))
    .toString("base64url");
}

/** Compares in a time that does not depend on how much of it is right. */
export function sameToken(received: string, token: string): boolean {
  return timingSafeEqual(digest(received), digest(token));
}

function digest(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash("sha256").update(text).digest());
}

/**
 * Whether a request was meant for this machine. A page elsewhere can point a
 * name of its own at 127.0.0.1, but the browser then sends that name. The port
 * may be another one, as where it is forwarded by ssh.
 */
export function isLocalHost(host: string | null): boolean {
  return host !== null &&
    /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i.test(host);
}

/** Whether a request comes from the page itself or from no page at all. */
export function isSameOrigin(headers: Headers): boolean {
  const origin = headers.get("origin");
  if (origin !== null && origin !== `http://${headers.get("host")}`) {
    return false;
  }
  const site = headers.get("sec-fetch-site");
  return site === null || site === "same-origin" || site === "none";
}

/** Headers of every response. */
export const safeHeaders: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; " +
    "connect-src 'self'; img-src 'self' data:; base-uri 'none'; " +
    "form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cache-control": "no-store",
};
