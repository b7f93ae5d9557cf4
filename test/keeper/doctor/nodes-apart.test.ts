import { expect } from "chai";
import { sharedDomains } from "../../../keeper/src/doctor/node-checks.js";

describe("doctor: nodes of one provider", () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["two domains", ["https://a.one.example/k1", "https://b.two.net/k2"], []],
    ["two hosts of one domain", ["https://eth.one.example/k1", "https://eth2.one.example/k2"], ["one.example"]],
    ["one address, two ports", ["http://10.0.0.7:8545", "http://10.0.0.7:8546"], ["10.0.0.7"]],
    ["two addresses of one network", ["http://10.0.0.7:8545", "http://10.0.0.8:8545"], []],
    ["this machine", ["http://localhost:1", "http://localhost:2", "http://127.0.0.1:1", "http://127.0.0.1:2"], []],
  ];
  for (const [name, urls, shared] of cases) {
    it(name, () => expect(sharedDomains(urls)).to.deep.equal(shared));
  }
});
