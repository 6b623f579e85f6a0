// @ts-check
// Runs before the first paint, so that a strip that was closed or opened does not move the page.
try {
  document.documentElement.dataset.strip = localStorage.getItem("demo strip") ?? "";
} catch {
  // Storage is blocked: the strip is as wide windows and phones have it.
}
