import assert from "node:assert/strict";
import { test } from "node:test";
import { numberOf, parse, paste, write } from "../../../static/js/edit/sheet.js";

for (const [name, text, rows] of /** @type {[string, string, number[][]][]} */ ([
  ["tabs", "1\t2\r\n3\t4\r\n", [[1, 2], [3, 4]]],
  ["commas", "1,-2.5\n3e2,4", [[1, -2.5], [300, 4]]],
  ["spaces", " 1  2 \n 3 4", [[1, 2], [3, 4]]],
  ["semicolons with decimal commas", "1,5;2\n-3,25;4", [[1.5, 2], [-3.25, 4]]],
  ["names above the columns", "x1\tx2\n1\t2", [[1, 2]]],
  ["empty cells and lines", "1\t\n\n\t2", [[1, 0], [0, 2]]],
  ["a typesetter's minus", "−1", [[-1]]],
])) {
  test(`A sheet with ${name} is read.`, () => assert.deepEqual(parse(text).rows, rows));
}

test("What is no number is named with its row and column.", () => {
  assert.deepEqual(parse("1\t2\n3\tfour").problem, { row: 2, column: 2, text: "four" });
});

for (const text of ["", "1e999", "0x10", "1 2", "Infinity", "1,5"]) {
  test(`${JSON.stringify(text)} is no number of one cell.`, () => assert.equal(numberOf(text), null));
}

test("Pasted numbers grow the rows where they may, and stay within where not.", () => {
  assert.deepEqual(paste([[1, 1], [1, 1]], [[5, 6], [7, 8]], { row: 1, column: 1, grows: true }), [[1, 1, 0], [1, 5, 6], [0, 7, 8]]);
  assert.deepEqual(paste([[1, 1], [1, 1]], [[5, 6], [7, 8]], { row: 1, column: 1, grows: false }), [[1, 1], [1, 5]]);
});

test("What is copied is what is pasted.", () => {
  const rows = [[1, -2.5], [0.1, 3e-7]];
  assert.deepEqual(parse(write(rows)).rows, rows);
});
