/**
 * Checks for the page's scripts. Besides the usual mistakes they hold two promises: the arrows
 * net → actions → state → views between the folders, and that no text becomes markup outside
 * the one helper for our own MathML (`math` in dom.js).
 */
import js from "@eslint/js";
import globals from "globals";

const SCRIPTS = "static/js";
const MATHML_HELPER = "static/js/dom.js";

/** Folders that only turn data into data or into a picture. */
const DATA = ["model", "words", "diagram", "charts", "edit", "compare", "training", "share"];

/**
 * What a folder may not import, and why. A folder that does not exist yet costs nothing.
 * @type {{folder: string, never: string[], because: string}[]}
 */
const ARROWS = [
  {
    folder: "net",
    never: ["actions", "state", "views", ...DATA],
    because: "net speaks with the server and knows nothing of the page",
  },
  {
    folder: "state",
    never: ["net", "actions", "views", "class", "embed", ...DATA.filter((each) => each !== "model")],
    because: "state is what others read and actions write; it reaches for nobody",
  },
  {
    folder: "actions",
    never: ["views", "diagram", "charts", "class", "embed"],
    because: "actions change the state; what is drawn follows from it",
  },
  {
    folder: "views",
    never: ["net", "actions", "state/store", "embed"],
    because: "a view receives the piece of state it draws and the calls it may make",
  },
  ...["class", "embed"].map((folder) => ({
    folder,
    never: ["views", "diagram", "charts"],
    because: "it carries the state to other pages and back, whatever draws it",
  })),
  ...DATA.map((folder) => ({
    folder,
    never: ["net", "actions", "state/store", "views", "class", "embed"],
    because: "it turns data into other data, or a description into a picture, whoever asks",
  })),
];

const arrows = ARROWS.map(({ folder, never, because }) => ({
  files: [`${SCRIPTS}/${folder}/**/*.js`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          { regex: `(^|/)(${never.join("|")})(/|\\.js$)`, message: `From ${folder}: ${because}.` },
          { regex: "^(https?:)?//", message: "Nothing is loaded from another host." },
        ],
      },
    ],
  },
}));

const NO_MARKUP = "Text never becomes markup; build elements (`math` in dom.js for our MathML).";
const noAssignment = {
  selector: "AssignmentExpression > MemberExpression.left[property.name=/^(innerHTML|outerHTML)$/]",
  message: NO_MARKUP,
};
const noParsing = {
  selector:
    "CallExpression[callee.property.name=" +
    "/^(insertAdjacentHTML|setHTMLUnsafe|parseFromString|createContextualFragment|write)$/]",
  message: NO_MARKUP,
};

export default [
  { ignores: [".venv/**", "node_modules/**", "static/vendor/**", "build/**", "dist/**"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "max-lines": ["error", { max: 400 }],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-undef": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  {
    files: [`${SCRIPTS}/**/*.js`],
    languageOptions: { globals: globals.browser },
    rules: { "no-restricted-syntax": ["error", noAssignment, noParsing], "no-console": "error" },
  },
  { files: [MATHML_HELPER], rules: { "no-restricted-syntax": ["error", noAssignment] } },
  { files: ["tests/js/**/*.js", "*.config.js"], languageOptions: { globals: globals.node } },
  ...arrows,
];
