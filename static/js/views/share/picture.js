/**
 * A drawing of the page as a file that stands by itself: every style written into it, colours as every
 * program reads them.
 */

const SPACE = "http://www.w3.org/2000/svg";
const COLOURS = ["fill", "stroke"];
const STYLES = [
  "fill-opacity", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity",
  "font-family", "font-size", "font-weight", "font-style", "font-variant-numeric", "text-anchor", "dominant-baseline",
  "paint-order", "display", "visibility", "translate", "transform",
];
const SCALE = 3;

/** @type {Map<string, string>} */
const known = new Map();

/**
 * A computed colour as `rgb()` with its alpha: mixtures have forms that few programs know.
 * @param {string} colour
 * @param {CanvasRenderingContext2D} canvas of one point
 */
function plain(colour, canvas) {
  if (colour === "none" || colour.startsWith("url(")) return colour;
  const before = known.get(colour);
  if (before) return before;
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
  const text = alpha === 255 ? `rgb(${red}, ${green}, ${blue})` : `rgba(${red}, ${green}, ${blue}, ${(alpha / 255).toFixed(3)})`;
  known.set(colour, text);
  return text;
}

/**
 * @param {Element} from
 * @param {Element} to
 * @param {CanvasRenderingContext2D} canvas
 */
function dress(from, to, canvas) {
  const style = getComputedStyle(from);
  const written = STYLES.map((name) => [name, style.getPropertyValue(name)]).filter(([, value]) => value !== "" && value !== "none" && value !== "normal");
  const coloured = COLOURS.map((name) => [name, plain(style.getPropertyValue(name), canvas)]);
  to.setAttribute("style", [...written, ...coloured].map(([name, value]) => `${name}:${value}`).join(";"));
  for (const attribute of ["class", "tabindex", "role", "aria-label", "data-symbol", "data-id"]) to.removeAttribute(attribute);
  [...from.children].forEach((child, index) => dress(child, to.children[index], canvas));
}

/**
 * @param {SVGSVGElement} drawing on the page
 * @param {string} title
 * @returns {string} SVG with everything in it
 */
export function standalone(drawing, title) {
  const canvas = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d", { willReadFrequently: true }));
  const copy = /** @type {SVGSVGElement} */ (drawing.cloneNode(true));
  dress(drawing, copy, canvas);
  const { x, y, width, height } = drawing.getBBox();
  const margin = 12;
  const box = [x - margin, y - margin, width + 2 * margin, height + 2 * margin].map((each) => Number(each.toFixed(1)));
  copy.setAttribute("xmlns", SPACE);
  copy.setAttribute("viewBox", box.join(" "));
  copy.setAttribute("width", String(box[2]));
  copy.setAttribute("height", String(box[3]));
  const name = document.createElementNS(SPACE, "title");
  name.textContent = title;
  const paper = document.createElementNS(SPACE, "rect");
  ["x", "y", "width", "height"].forEach((attribute, index) => paper.setAttribute(attribute, String(box[index])));
  const ground = getComputedStyle(document.documentElement).getPropertyValue("--paper").trim();
  paper.setAttribute("fill", plain(ground, canvas));
  copy.prepend(name, paper);
  return new XMLSerializer().serializeToString(copy);
}

/**
 * @param {string} source SVG that stands by itself
 * @returns {Promise<Blob>} PNG
 */
export async function png(source) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width * SCALE, image.height * SCALE];
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png"));
}
