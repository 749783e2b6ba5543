/** A binary heap of numbers with priorities; the smallest priority comes out first. */
export class Heap {
  constructor() {
    /** @type {[number, number][]} */
    this.entries = [];
  }

  get size() {
    return this.entries.length;
  }

  /**
   * @param {number} value
   * @param {number} priority
   */
  push(value, priority) {
    const { entries } = this;
    let at = entries.push([priority, value]) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (entries[parent][0] <= entries[at][0]) break;
      [entries[parent], entries[at]] = [entries[at], entries[parent]];
      at = parent;
    }
  }

  /** @returns {number} */
  pop() {
    const { entries } = this;
    const top = entries[0];
    const last = /** @type {[number, number]} */ (entries.pop());
    if (entries.length) {
      entries[0] = last;
      this.sink();
    }
    return top[1];
  }

  sink() {
    const { entries } = this;
    let at = 0;
    for (;;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < entries.length && entries[child][0] < entries[least][0]) least = child;
      }
      if (least === at) return;
      [entries[least], entries[at]] = [entries[at], entries[least]];
      at = least;
    }
  }
}
