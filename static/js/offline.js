/** The lesson page in a file of its own, which holds every answer. */
import { start } from "./lesson.js";
import { net } from "./net/baked.js";

start(net);
