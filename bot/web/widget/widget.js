// @ts-check
/**
 * Defines `<shop-chat>`. Loaded by a script element of a page that has none, it also adds one; the
 * script's `data-` attributes become the element's: `data-base-url`, `data-label`, `data-open`, …
 */

import { ShopChat } from "./shop-chat.js";

if (!customElements.get("shop-chat")) customElements.define("shop-chat", ShopChat);

const script = Array.from(document.scripts).find(({ src }) => src === import.meta.url);
if (script && !document.querySelector("shop-chat")) {
  const chat = document.createElement("shop-chat");
  for (const { name, value } of script.attributes) {
    if (name.startsWith("data-")) chat.setAttribute(name.slice("data-".length), value);
  }
  document.body.append(chat);
}
