/**
 * What to paste where, so that a walkthrough stands in a course's page.
 */

/**
 * @typedef {{home: string, lesson: string, query: Record<string, string>, fragment: string, title: string}} Place
 *   `lesson` is empty for a scene of one's own, which the fragment carries
 */

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>"]/g, (letter) => ENTITIES[/** @type {"&"} */ (letter)]);
}

/** @param {Place} place */
function address({ home, lesson, query, fragment }) {
  const asked = new URLSearchParams(query).toString();
  return `${home}/embed${lesson && `/${lesson}`}${asked && `?${asked}`}${fragment}`;
}

/** @param {Place} place @param {string} [source] the attribute that names the address */
function frame(place, source = "src") {
  const how = 'width="100%" height="640" style="border:0" loading="lazy" sandbox="allow-scripts allow-popups" allow="fullscreen"';
  return `<iframe ${source}="${escaped(address(place))}" title="${escaped(place.title)}" ${how}></iframe>`;
}

/** @param {Place} place */
function script({ home, lesson, query, fragment, title }) {
  const named = { ...(lesson ? { lesson } : {}), ...query, ...(fragment ? { state: fragment } : {}), label: title };
  const data = Object.entries(named).map(([name, value]) => ` data-${name}="${escaped(value)}"`);
  return `<script src="${home}/embed.js"${data.join("")}></script>`;
}

/**
 * The kinds of hosts, each with its text.
 * @param {Place} place
 * @returns {{id: string, name: string, text: string}[]}
 */
export function snippets(place) {
  const html = frame(place);
  return [
    { id: "html", name: "HTML", text: html },
    { id: "script", name: "HTML + embed.js", text: script(place) },
    { id: "moodle", name: "Moodle", text: html },
    { id: "canvas", name: "Canvas", text: html },
    { id: "myst", name: "Jupyter Book, MyST", text: `\`\`\`{raw} html\n${html}\n\`\`\`` },
    { id: "sphinx", name: "Sphinx", text: `.. raw:: html\n\n   ${html}` },
    { id: "mkdocs", name: "MkDocs", text: html },
    { id: "quarto", name: "Quarto", text: `\`\`\`{=html}\n${html}\n\`\`\`` },
    { id: "reveal", name: "reveal.js", text: `<section>\n  ${frame(place, "data-src").replace('height="640" style="border:0"', 'class="r-stretch" style="border:0"')}\n</section>` },
  ];
}
