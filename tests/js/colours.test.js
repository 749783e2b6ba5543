/**
 * The themes' colours, measured: text reads on what it stands on, and the hues that carry meaning stay
 * apart for eyes that lack one kind of cone.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

const css = readFileSync(new URL("../../static/css/theme.css", import.meta.url), "utf8");
const ROLES = ["forget", "input", "output", "memory", "candidate", "hidden"];
const TEXT = 4.5;
const APART = 13;

/**
 * Machado, Oliveira & Fernandes 2009 at full severity, on linear RGB.
 * @type {Record<string, number[][]>}
 */
const EYES = {
  usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

/** @param {string} selector */
function block(selector) {
  const from = css.indexOf(`\n${selector} {`);
  assert.notEqual(from, -1, selector);
  const found = css.slice(from, css.indexOf("\n}", from)).matchAll(/--([\w-]+):\s*(#[0-9a-f]{6}|\d+%)/g);
  return Object.fromEntries([...found].map(([, name, value]) => [name, value]));
}

const light = block(":root");
/** @type {Record<string, Record<string, string>>} */
const THEMES = {
  light,
  dark: { ...light, ...block(':root[data-theme="dark"]') },
  projector: { ...light, ...block(':root[data-theme="projector"]') },
};

/** @param {number[][]} matrix @param {number[]} vector */
const times = (matrix, vector) => matrix.map((row) => row.reduce((sum, factor, i) => sum + factor * vector[i], 0));

/** @param {string} hex @returns {number[]} linear RGB */
function linear(hex) {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  return channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
}

/** @param {number[]} rgb linear */
const luminance = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** @param {number[]} a @param {number[]} b both linear */
function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const OKLAB_IN = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]];
const OKLAB = [[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]];
const LMS = [[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728], [1, -0.0894841775, -1.291485548]];
const OKLAB_OUT = [[4.0767416621, -3.3077115913, 0.2309699292], [-1.2684380046, 2.6097574011, -0.3413193965], [-0.0041960863, -0.7034186147, 1.707614701]];

/** CSS's color-mix in oklab. @param {string} a @param {string} b @param {number} share of a */
function mixed(a, b, share) {
  const [x, y] = [a, b].map((hex) => times(OKLAB, times(OKLAB_IN, linear(hex)).map(Math.cbrt)));
  const between = x.map((value, i) => value * share + y[i] * (1 - share));
  return times(OKLAB_OUT, times(LMS, between).map((value) => value ** 3)).map((c) => Math.min(1, Math.max(0, c)));
}

/** @param {number[]} rgb linear @returns {number[]} CIE Lab, D65 */
function lab(rgb) {
  const [x, y, z] = times(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]],
    rgb.map((c) => Math.min(1, Math.max(0, c))),
  );
  const [fx, fy, fz] = [x / 0.95047, y, z / 1.08883].map((v) => (v > 216 / 24389 ? Math.cbrt(v) : (24389 / 27 * v + 16) / 116));
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

/** @param {string} a @param {string} b @param {string} eye */
function difference(a, b, eye) {
  const [p, q] = [a, b].map((hex) => lab(times(EYES[eye], linear(hex))));
  return Math.hypot(...p.map((value, i) => value - q[i]));
}

/** @template T @param {T[]} all @returns {[T, T][]} */
const pairs = (all) => all.flatMap((a, i) => all.slice(i + 1).map((b) => /** @type {[T, T]} */ ([a, b])));

for (const [name, theme] of Object.entries(THEMES)) {
  describe(`the ${name} theme`, () => {
    for (const ground of ["paper", "panel", "sunken"]) {
      for (const text of ["ink", "quiet-text"]) {
        it(`${text} reads on ${ground}`, () => assert.ok(contrast(linear(theme[text]), linear(theme[ground])) >= TEXT));
      }
    }
    for (const hue of [...ROLES, "gradient", "plain"]) {
      for (const ground of ["paper", "panel"]) {
        it(`the hue of ${hue} reads as text on ${ground}`, () => {
          const found = contrast(linear(theme[`hue-${hue}`]), linear(theme[ground]));
          assert.ok(found >= TEXT, `${found.toFixed(2)}`);
        });
      }
    }
    it("words read on controls", () => assert.ok(contrast(linear(theme["on-control"]), linear(theme.control)) >= TEXT));
    it("the question's title reads on its tint", () => {
      const found = contrast(linear(theme["hue-memory"]), mixed(theme["hue-memory"], theme.panel, 0.08));
      assert.ok(found >= TEXT, `${found.toFixed(2)}`);
    });
    for (const sign of ["positive", "negative"]) {
      it(`numbers read on the strongest ${sign} cell`, () => {
        const most = Number.parseInt(theme["sign-most"], 10) / 100;
        const found = contrast(linear(theme.ink), mixed(theme[`sign-${sign}`], theme.panel, most));
        assert.ok(found >= TEXT, `${found.toFixed(2)}`);
      });
    }
    for (const eye of Object.keys(EYES)) {
      for (const [a, b] of pairs([...ROLES, "gradient"])) {
        it(`${a} and ${b} stay apart for ${eye} eyes`, () => {
          const found = difference(theme[`hue-${a}`], theme[`hue-${b}`], eye);
          assert.ok(found >= APART, `ΔE76 ${found.toFixed(1)}`);
        });
      }
      it(`the two signs stay apart for ${eye} eyes`, () => {
        assert.ok(difference(theme["sign-positive"], theme["sign-negative"], eye) >= APART);
      });
    }
  });
}

describe("the theme that follows the system", () => {
  it("is the dark theme in the dark", () => {
    const from = css.indexOf(':root[data-theme="auto"] {\n');
    const own = css.slice(from, css.indexOf("\n  }", from)).matchAll(/--([\w-]+):\s*(#[0-9a-f]{6}|\d+%)/g);
    const dark = block(':root[data-theme="dark"]');
    assert.deepEqual(Object.fromEntries([...own].map(([, name, value]) => [name, value])), dark);
  });
});
