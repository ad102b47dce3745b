import { strictEqual } from "node:assert";
import { columns } from "../../src/output/textLayout";

describe("columns of text", () => {
  it("go on below where a cell is wider, at the end of a word", () => {
    strictEqual(columns([["a long name", "x"]], [7, 2]), "  a long x\n  name");
  });

  it("break a word that is wider than its column", () => {
    strictEqual(columns([["documents", "x"]], [6, 2]), "  docum x\n  ents");
  });

  it("have a line for each line of a cell", () => {
    strictEqual(columns([["a", "x\ny", "z"]], [3, 3, 2]), "  a  x  z\n     y");
  });

  it("count what characters take on a terminal: two columns for a wide one, none for a colour", () => {
    strictEqual(columns([["写真", "x"]], [6, 2]), "  写真  x");
    strictEqual(columns([["\u001b[2mab\u001b[22m", "x"]], [4, 2]), "  \u001b[2mab\u001b[22m  x");
  });

  it("colour every piece of a cell that goes on below, and nothing beside it", () => {
    strictEqual(
      columns([["\u001b[2mabcd\u001b[22m", "x"]], [3, 2]),
      "  \u001b[2mab\u001b[22m x\n  \u001b[2mcd\u001b[22m",
    );
  });
});
