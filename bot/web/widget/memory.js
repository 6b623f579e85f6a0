// @ts-check
/** Small values kept by the browser. Where storage is blocked they live as long as the page. */

/** @typedef {"localStorage" | "sessionStorage"} Area */

/** @type {Map<string, unknown>} */
const page = new Map();

/**
 * @param {Area} area
 * @param {string} key
 * @returns {any} what was kept, or null
 */
export function recall(area, key) {
  try {
    return JSON.parse(window[area].getItem(key) ?? "null");
  } catch {
    return page.get(area + key) ?? null;
  }
}

/**
 * @param {Area} area
 * @param {string} key
 * @param {unknown} value
 */
export function keep(area, key, value) {
  page.set(area + key, value);
  try {
    window[area].setItem(key, JSON.stringify(value));
  } catch {
    // Blocked or full; recall() finds it on the page.
  }
}
