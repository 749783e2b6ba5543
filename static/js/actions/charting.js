/**
 * The chart that is shown, and the figures that the server draws.
 */

/** @param {Pick<import("./index.js").World, "net" | "state">} world */
export function createCharting({ net, state }) {
  return {
    /** @param {Record<string, any>} chart its kind and what was chosen for it; part of the page's view */
    chooseChart(chart) {
      const current = state.get();
      state.set({ ...current, view: { ...current.view, chart: JSON.parse(JSON.stringify(chart)) } });
    },
    /** @param {import("../training/course.js").Settings} settings of the next training */
    chooseTraining(settings) {
      const current = state.get();
      state.set({ ...current, view: { ...current.view, training: settings } });
    },
    /** @param {any} request @param {AbortSignal} signal */
    figure: (request, signal) => net.figure(request, signal),
  };
}
