// @ts-check
/** Small values kept by the browser. Where it keeps none they live as long as the page. */

/** @typedef {"localStorage" | "sessionStorage"} Area */

/** What storage did not take. @type {Map<string, unknown>} */
const page = new Map();

/**
 * @param {Area} area
 * @param {string} key
 * @returns {any} what was kept, or null; anybody on the page can have put it there
 */
export function recall(area, key) {
  try {
    return page.get(area + key) ?? JSON.parse(window[area].getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/**
 * @param {Area} area
 * @param {string} key
 * @param {unknown} value
 */
export function keep(area, key, value) {
  page.delete(area + key);
  try {
    if (value) window[area].setItem(key, JSON.stringify(value));
    else window[area].removeItem(key);
  } catch {
    // Blocked or full.
    page.set(area + key, value);
  }
}
