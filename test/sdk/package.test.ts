import { emptyProject, type Project } from "./package/project.js";
import { describePublished } from "./package/published.js";

// One file for all that needs the tarball: it is built once.
describe("sdk: the package", () => {
  let project: Project;
  before(async () => {
    project = await emptyProject();
    await project.run("npm init -y && npm install ./crosshedge-sdk-0.1.0.tgz ethers");
  });
  after(() => project?.remove());

  describePublished(() => project);
});
