// @ts-check
/** Elements, links and Markdown. What others wrote only ever enters as text. */

/** @typedef {Node | string | false | null | undefined} Child */
/** @typedef {Record<string, unknown>} Attributes true sets an empty one; false and null set none */

/**
 * `h("li.line", { dir: "auto" }, "text")` is an element with a class. What pages may style as a
 * part is a class of the same names in here.
 * @param {string} selector a tag and, after dots, classes
 * @param {...(Child | Attributes)} rest attributes and children
 */
export function h(selector, ...rest) {
  const [tag, ...classes] = selector.split(".");
  const element = document.createElement(tag);
  element.classList.add(...classes);
  for (const one of rest) {
    if (one && one.constructor !== Object) element.append(/** @type {Node | string} */ (one));
    else
      for (const [name, value] of Object.entries(one || {})) {
        if (value !== false && value != null)
          element.setAttribute(name, value === true ? "" : `${value}`);
        if (name === "part") element.className = `${value}`;
      }
  }
  return element;
}

const ICONS = {
  chat: "M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12h5",
  close: "M6 6l12 12M18 6L6 18",
  more: "M5 12h.1M12 12h.1M19 12h.1",
  copy: "M9 9h10v10H9zM5 15V5h10",
  done: "M5 12l5 5L19 7",
  up: "M7 11v8H4v-8zl4-7c2 0 3 1.5 2 5h6l-1.5 10H7",
  send: "M12 19V5M6 11l6-6 6 6",
  down: "M6 9l6 6 6-6",
  page: "M7 5h7l3 3v11H7zM10 11h4M10 14h4",
};

/** @param {keyof typeof ICONS} name */
export function icon(name) {
  const [svg, path] = ["svg", "path"].map((tag) =>
    document.createElementNS("http://www.w3.org/2000/svg", tag),
  );
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** @param {() => void} press @param {...(Child | Attributes)} rest */
export function button(press, ...rest) {
  const element = /** @type {HTMLButtonElement} */ (h("button", { type: "button" }, ...rest));
  element.addEventListener("click", press);
  return element;
}

/** A button that is only an icon. @param {keyof typeof ICONS} name @param {string} title
 * @param {() => void} press */
export const tool = (name, title, press) =>
  button(press, { "aria-label": title, title }, icon(name));

/** A link, or only its title where the address is none that is safe to follow: one that runs, or
 * that looks like another, as `https://shop.example@evil.example/` does.
 * @param {string | null} address @param {string} title */
export function link(address, title) {
  const url = address && URL.parse(address, document.baseURI);
  if (!url || !/^(https?:..[^/@]+\/|mailto:)/.test(url.href)) return h("span", title);
  const away = url.protocol !== "mailto:" && url.origin !== location.origin;
  return h("a", { href: url.href, target: away && "_blank", rel: away && "noopener" }, title);
}

const LINE = /^\s*(?:([-*•]|(\d+)[.)])|#{1,6})\s+(.*)/;
// An escaped sign, bold, a link, a bare address.
const INLINE =
  /\\([^\w\s])|\*\*(?=\S)(.+?)\*\*|\[([^\][]+)\]\(([^()\s]+)\)|https?:\/\/[^\s<>"]*[\w/#=&-]/g;

/** @param {string} text @returns {Child[]} */
function inline(text) {
  let end = 0;
  const parts = [...text.matchAll(INLINE)].flatMap((match) => {
    const [whole, sign, bold, title, to] = match;
    const before = text.slice(end, match.index);
    end = match.index + whole.length;
    if (bold) return [before, h("strong", ...inline(bold))];
    return [before, sign ?? link(to ?? whole, title ?? whole)];
  });
  return [...parts, text.slice(end)];
}

/** Paragraphs, lists, bold and links; all else stays text. @param {string} text */
export function markdown(text) {
  const root = h("div");
  let open = root;
  for (const line of text.split(/\r?\n/)) {
    const [marked, bullet, number, content = line.trim()] = LINE.exec(line) ?? [];
    const tag = bullet ? (number ? "OL" : "UL") : "P";
    const item = !marked && open.lastElementChild;
    const parts = h(marked && !bullet ? "strong" : bullet ? "li" : "span", ...inline(content));
    if (!line.trim()) open = root;
    else if (item && item.tagName === "LI") item.append(" ", parts);
    else if (open.tagName === tag && (bullet || !marked)) open.append(bullet ? "" : h("br"), parts);
    else root.append((open = h(tag, { start: number }, parts)));
  }
  return root;
}
