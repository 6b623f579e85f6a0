// @ts-check
/** The tabs of one browser that show the same shop. */

/**
 * Lets them talk to each other.
 * @param {string} name
 * @param {(told: any) => void} hear what another tab tells: data, whoever it is from
 * @param {AbortSignal} life
 * @returns {(told: object) => void} tells all other tabs
 */
export function openChannel(name, hear, life) {
  try {
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => hear(Object(data));
    life.addEventListener("abort", () => channel.close());
    return (told) => life.aborted || channel.postMessage(told);
  } catch {
    // Blocked like storage: each tab is on its own.
    return () => {};
  }
}
