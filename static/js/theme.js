// Runs before the page paints, so that the chosen light is there from the first moment.
try {
  const theme = localStorage.getItem("unrolled.theme");
  const root = document.documentElement;
  if (theme && root.dataset.theme === "auto") root.dataset.theme = theme;
} catch {
  // No storage, no preference.
}
