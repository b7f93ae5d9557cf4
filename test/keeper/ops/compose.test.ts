import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { OPS, yamlOf } from "./files.js";

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly [key: string]: unknown;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, unknown>>;
}

const { services, secrets, volumes, networks } = yamlOf<Compose>("compose.yml");
const all = Object.entries(services);
const keepers = all.filter(([name]) => name.startsWith("keeper"));

describe("compose.yml", () => {
  it("runs two keepers that are alike", () => {
    expect(keepers).to.have.length(2);
    expect(keepers[0]![1]).to.deep.equal(keepers[1]![1]);
  });

  for (const [name, service] of all) {
    it(`${name}: nothing to write to but its volumes, no new privileges, bounds, restarts, bounded logs`, () => {
      expect(service).to.deep.include({
        read_only: true,
        security_opt: ["no-new-privileges:true"],
        restart: "unless-stopped",
      });
      expect(service).to.have.property("mem_limit");
      expect(service).to.not.have.any.keys("privileged", "network_mode", "pid", "cap_add", "devices", "env_file");
      expect(service["logging"]).to.have.nested.property("options.max-size");
    });

    it(`${name}: an image of a fixed version, networks, volumes and secrets that are there`, () => {
      const [, tag] = service.image.split(":");
      if (service.build === undefined) expect(tag).to.match(/^v?\d+\.\d+/);
      for (const network of service.networks) expect(networks).to.have.property(network);
      for (const secret of service.secrets ?? []) expect(secrets).to.have.property(secret);
      for (const volume of service.volumes ?? []) {
        const [source] = volume.split(":");
        if (source!.startsWith(".")) {
          expect(existsSync(path.join(OPS, source!)), volume).to.equal(true);
          expect(volume).to.match(/:ro$/);
        } else {
          expect(volumes).to.have.property(source!);
        }
      }
    });

    it(`${name}: no secret in its environment, no port but to this machine`, () => {
      for (const [variable, value] of Object.entries(service.environment ?? {})) {
        expect(String(value), variable).to.not.match(/:\/\//);
        if (/PASSWORD|KEY(?!STORE)|TOKEN/.test(variable)) expect(String(value)).to.match(/^\/run\/secrets\//);
      }
      for (const port of service.ports ?? []) expect(port).to.match(/^127\.0\.0\.1:/);
    });

    it(`${name}: is asked how it is`, () => {
      // The keeper's image asks itself.
      if (service.build === undefined) expect(service).to.have.property("healthcheck");
    });
  }

  for (const [name, service] of keepers) {
    it(`${name}: no capability, an init, time to end a tick, and Postgres before it`, () => {
      expect(service).to.deep.include({ cap_drop: ["ALL"], init: true, stop_grace_period: "90s" });
      expect(service.depends_on).to.deep.equal({ postgres: { condition: "service_healthy" } });
      expect(service).to.not.have.property("ports");
      expect(service).to.not.have.property("user", "root");
      expect(existsSync(path.resolve(OPS, service.build!.context, service.build!.dockerfile))).to.equal(true);
    });
  }

  it("keeps its secrets where git does not look", () => {
    for (const { file } of Object.values(secrets)) expect(file).to.match(/^secrets\//);
    expect(readdirSync(OPS)).to.not.include("secrets");
  });

  it("lets Prometheus find both keepers and its rules", () => {
    const prometheus = yamlOf<{
      rule_files: string[];
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
    }>("prometheus.yml");
    const [job] = prometheus.scrape_configs;
    expect(job!.job_name).to.equal("crosshedge");
    expect(job!.static_configs[0]!.targets).to.deep.equal(keepers.map(([name]) => `${name}:9464`));
    const mounted = services["prometheus"]!.volumes!.map((volume) => volume.split(":")[1]);
    expect(mounted).to.include.members([...prometheus.rule_files, "/etc/prometheus/prometheus.yml"]);
  });
});
