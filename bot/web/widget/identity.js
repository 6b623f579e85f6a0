// @ts-check
/** Whose conversation it is, and where it may be kept. */

export const GUEST = "";

/**
 * Whose identity it is, to file the session under; the gateway alone decides what it proves.
 * @param {string | null} identity
 */
export function ownerOf(identity) {
  if (!identity) return GUEST;
  try {
    const claims = identity.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    return String(JSON.parse(atob(claims)).sub);
  } catch {
    return `${identity}`;
  }
}

/**
 * A guest's session ends with the last tab that has it, because the next person at the same device
 * may be another guest.
 * @param {string | null} owner
 */
export const areaOf = (owner) => (owner ? "localStorage" : "sessionStorage");

/** Not randomUUID: it is missing on plain http, where a shop may still try the widget out. */
export const newId = () => crypto.getRandomValues(new Uint32Array(4)).join("-");
