// @ts-check
/** Elements and icons for the demo shop's pages, and how amounts and times are written. */

/** @typedef {Node | string | false | null | undefined} Child */

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] true sets an empty one; false and null set none
 * @param {...Child} children what is text stays text
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value != null)
      element.setAttribute(name, value === true ? "" : `${value}`);
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} name one of icons.svg */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/web/demo/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** @param {string} selector of an element that the page is known to have */
export const find = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector));

/** @param {string} id of a `<template>` */
export const copyTemplate = (id) =>
  /** @type {HTMLTemplateElement} */ (document.getElementById(id)).content.cloneNode(true);

/** @param {string} address @param {number} size */
export const picture = (address, size) =>
  h("img", { src: address, alt: "", width: size, height: size, loading: "lazy" });

// The browser's tag says more about dates than the page's where the language is the same.
const LOCALE = navigator.language.startsWith("en") ? navigator.language : "en-US";

/** @param {number} minor @param {string} currency */
export function money(minor, currency) {
  const format = new Intl.NumberFormat(LOCALE, { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(minor / 10 ** digits);
}

/** @param {string} instant ISO 8601 @param {Intl.DateTimeFormatOptions} how */
function time(instant, how) {
  const text = new Intl.DateTimeFormat(LOCALE, how).format(new Date(instant));
  return h("time", { datetime: instant }, text);
}

/** @param {string} instant */
export const day = (instant) => time(instant, { dateStyle: "medium" });

/** A day that is close enough to be known by its weekday. @param {string} instant */
export const weekday = (instant) =>
  time(instant, { weekday: "short", month: "short", day: "numeric" });

/** @param {string} instant */
export const moment = (instant) => time(instant, { dateStyle: "medium", timeStyle: "short" });
