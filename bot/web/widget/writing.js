// @ts-check
/** What a shopper has written and the gateway does not have, kept by the tab over a reload. */

import { recall } from "./memory.js";

/** @import { Writing } from "./types.js" */

/** @param {string} key @returns {Writing} */
export const recallWriting = (key) => {
  const { items, draft } = Object(recall("sessionStorage", key));
  return {
    items: [items].flat().filter((item) => typeof item?.text === "string"),
    draft: typeof draft === "string" ? draft : "",
  };
};
