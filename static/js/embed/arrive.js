/**
 * A frame without a lesson in its address (`/embed#…`) takes it from the state, where the state names
 * one: then it has the lesson's words too.
 */
import { decode } from "../state/url.js";

/** @returns {Promise<boolean>} whether this is the page to show */
export async function arrive() {
  if (location.pathname !== "/embed") return true;
  const state = await decode(location.hash);
  const scene = typeof state?.scene === "string" ? state.scene : "";
  if (!/^[a-z0-9-]+(\/[a-z0-9-]+)?$/.test(scene)) return true;
  location.replace(`/embed/${scene.split("/")[0]}${location.search}${location.hash}`);
  return false;
}
