import { describeBrowser } from "./package/browser.js";
import { type ServedVault, serveVault } from "./package/chain.js";
import { describeCookbook, installAsWritten } from "./package/cookbook.js";
import { emptyProject, type Project } from "./package/project.js";
import { describePublished } from "./package/published.js";

// One file for all that needs the tarball: it is built once.
describe("sdk: the package", () => {
  let project: Project;
  before(async () => {
    project = await emptyProject();
    await installAsWritten(project);
  });
  after(() => project?.remove());

  describePublished(() => project);

  describe("the cookbook", () => {
    let served: ServedVault;
    before(async () => {
      served = await serveVault();
    });
    after(() => served?.node.close());

    describeCookbook(
      () => project,
      () => served,
    );
    describeBrowser(
      () => project,
      () => served,
    );
  });
});
