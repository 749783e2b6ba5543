/**
 * One axis of the lattice that lines run on. Between two bands (a column, a row) lies a gap with
 * some tracks; a band itself has three lines: its middle and one at each side of it.
 */

const EDGE = 10; // from a band to the nearest track
const STEP = 10; // between two tracks
const SIDE = 13; // from a band's middle to its side lines

export class Axis {
  /**
   * @param {number} bands
   * @param {number} tracks in every gap
   */
  constructor(bands, tracks) {
    this.bands = bands;
    this.tracks = tracks;
    this.count = (bands + 1) * tracks + 3 * bands;
  }

  /**
   * @param {number} band
   * @param {number} side −1, 0 or 1
   */
  line(band, side) {
    return band * (this.tracks + 3) + this.tracks + side + 1;
  }

  /**
   * What a line is: a track of a gap, or a line of a band.
   * @param {number} index
   */
  at(index) {
    const group = Math.floor(index / (this.tracks + 3));
    const place = index % (this.tracks + 3);
    return place < this.tracks
      ? { gap: group, track: place, band: -1, side: 0 }
      : { gap: -1, track: 0, band: group, side: place - this.tracks - 1 };
  }

  /**
   * Coordinates of all lines.
   * @param {number[]} sizes of the bands
   * @param {number[]} gaps the least size of each gap
   * @param {(index: number) => boolean} used which lines carry something; others take no room
   * @param {Map<number, number>} [leaning] gaps whose tracks do not lie in the middle: how far on
   * @returns {{lines: number[], middles: number[], starts: number[], length: number}}
   */
  measure(sizes, gaps, used, leaning = new Map()) {
    /** @type {number[]} */
    const lines = new Array(this.count).fill(0);
    const middles = [];
    const starts = [];
    let at = 0;
    for (let group = 0; group <= this.bands; group += 1) {
      const first = group * (this.tracks + 3);
      const tracks = Array.from({ length: this.tracks }, (_, k) => first + k);
      const busy = tracks.filter(used);
      const room = busy.length ? 2 * EDGE + (busy.length - 1) * STEP : 0;
      const gap = Math.max(gaps[group], room);
      const spare = gap - (busy.length - 1) * STEP;
      const start = at + spare * (leaning.get(group) ?? 0.5);
      let seen = 0;
      for (const track of tracks) {
        lines[track] = start + Math.min(seen, Math.max(0, busy.length - 1)) * STEP;
        if (used(track)) seen += 1;
      }
      starts.push(at);
      at += gap;
      if (group === this.bands) break;
      const side = Math.min(SIDE, sizes[group] * 0.3);
      const middle = at + sizes[group] / 2;
      middles.push(middle);
      lines[this.line(group, -1)] = middle - side;
      lines[this.line(group, 0)] = middle;
      lines[this.line(group, 1)] = middle + side;
      at += sizes[group];
    }
    return { lines, middles, starts, length: at };
  }
}
