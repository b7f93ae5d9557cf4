import { openScene } from "./support/scene.js";
it("tries", async () => {
  const scene = await openScene(1);
  let t = performance.now();
  const lap = (w: string) => { console.log(w, Math.round(performance.now() - t)); t = performance.now(); };
  const life = await scene.keeper(); lap("life");
  for (let i = 0; i < 4; i++) {
  const [r] = await life.ticks(1); lap("tick");
  console.log(r!.kind, r!.state, r!.codes, r!.sent?.reason, r!.refused, r!.reasons.join("; ").slice(0, 300));
  }
  for (const n of scene.nodes) console.log(n.posts.map((p) => p.join(",")));
  await scene.judge(); lap("judge");
  await scene.end();
});
