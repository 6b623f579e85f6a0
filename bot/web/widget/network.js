// @ts-check
/** Requests to the gateway, and waiting between them. */

const REQUEST_TIMEOUT_MS = 20_000;

/** The gateway answered, but not with what was asked for. */
export class Failure extends Error {
  /** @param {number} status @param {number} waitMs as the gateway asks */
  constructor(status, waitMs) {
    super(`HTTP ${status}`);
    this.status = status;
    this.waitMs = waitMs;
  }
}

/**
 * @typedef {object} Request
 * @property {AbortSignal} signal
 * @property {string} [token]
 * @property {object} [body]
 * @property {Record<string, string>} [headers]
 */

/** @param {string} method @param {URL} url @param {Request} request */
export async function call(method, url, { signal, token, body, headers }) {
  const response = await fetch(url, {
    method,
    signal,
    cache: "no-store",
    credentials: "omit",
    headers: {
      ...headers,
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(body && { "Content-Type": "application/json" }),
    },
    body: body && JSON.stringify(body),
  });
  if (response.ok) return response;
  throw new Failure(response.status, Number(response.headers.get("Retry-After")) * 1000 || 0);
}

/** @type {(...args: Parameters<typeof call>) => Promise<any>} */
export async function ask(method, url, request) {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
  const response = await call(method, url, { ...request, signal });
  return response.status === 204 ? undefined : response.json();
}

/**
 * Yields the text of one server-sent event at a time.
 * @param {Response} response
 * @param {number} silenceMs without a byte, after which the line counts as dead
 */
export async function* events({ body }, silenceMs) {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ""; reader;) {
    const silence = setTimeout(() => reader.cancel(), silenceMs);
    const { done, value } = await reader.read().finally(() => clearTimeout(silence));
    if (done) return;
    const texts = (rest + value).split(/\r?\n\r?\n/);
    rest = texts.pop() ?? "";
    yield* texts;
  }
}

/**
 * Waits for a time to pass, for the signal, or for the page to come back to life.
 * @param {number} ms
 * @param {AbortSignal} signal
 * @param {boolean} [wakes] whether network or page coming back end it
 */
export function pause(ms, signal, wakes = false) {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const end = () => over.abort();
  const timer = ms < Infinity ? setTimeout(end, ms) : 0;
  if (wakes) {
    addEventListener("online", end, { signal: either });
    document.addEventListener("visibilitychange", end, { signal: either });
  }
  return /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      const done = () => resolve(clearTimeout(timer));
      if (either.aborted) done();
      else either.addEventListener("abort", done);
    })
  );
}
