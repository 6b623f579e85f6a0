// @ts-check
/** Requests to the gateway, and waiting between them. */

const REQUEST_TIMEOUT_MS = 20_000;
// No gateway has a reason to ask for more.
const LONGEST_WAIT_MS = 300_000;

/**
 * @typedef {object} Request
 * @property {AbortSignal} signal
 * @property {string} [token]
 * @property {object} [body]
 */

/**
 * Where the gateway answers, but not with what was asked for, the error has its `status`, and as
 * `waitMs` how long it asks to wait.
 * @param {string} method
 * @param {URL} url
 * @param {Request} request
 */
export async function call(method, url, { signal, token, body }) {
  const response = await fetch(url, {
    method,
    signal,
    // What is for everybody may come from the browser's cache.
    cache: token ? "no-store" : "default",
    credentials: "omit",
    // What was sent while the shopper leaves the page still arrives.
    keepalive: !!body,
    headers: {
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(body && { "Content-Type": "application/json" }),
    },
    body: body && JSON.stringify(body),
  });
  if (response.ok) return response;
  // A number of seconds, or a date.
  const after = response.headers.get("Retry-After") ?? "";
  const waitMs = Number(after) * 1000 || Date.parse(after) - Date.now() || 0;
  throw Object.assign(new Error(), {
    status: response.status,
    waitMs: Math.min(Math.max(waitMs, 0), LONGEST_WAIT_MS),
  });
}

/**
 * @param {string} method
 * @param {URL} url
 * @param {Request} request
 * @param {"json" | "blob"} [form]
 * @returns {Promise<any>} the answer, true if it is empty
 */
export async function ask(method, url, request, form = "json") {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
  const response = await call(method, url, { ...request, signal });
  return response.status === 204 || response[form]();
}

/**
 * Waits for a time to pass, or for the signal.
 * @param {number} ms
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export const pause = (ms, signal) =>
  new Promise((resolve) => {
    const done = () => resolve(clearTimeout(timer));
    const timer = setTimeout(done, ms);
    if (signal.aborted) done();
    else signal.addEventListener("abort", done);
  });
