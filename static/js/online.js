/** The lesson page with a server to ask. */
import { start } from "./lesson.js";
import { net } from "./net/client.js";

start(net);
