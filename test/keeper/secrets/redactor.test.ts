import { expect } from "chai";
import { Redactor } from "../../../keeper/src/secrets/redactor.js";

describe("what is taken out of texts", () => {
  const hiding = (...urls: string[]): Redactor => {
    const redactor = new Redactor();
    for (const url of urls) redactor.hideUrl(url);
    return redactor;
  };

  it("is the password of a database, and not the words of its address that every text has", () => {
    const redactor = hiding("postgres://crosshedge:hunter2-of-mine@postgres:5432/crosshedge");
    const text = "Run `crosshedge journal verify`: see crosshedge_ticks_total.";
    expect(redactor.clean(text)).to.equal(text);
    expect(redactor.clean("it was hunter2-of-mine")).to.equal("it was <redacted>");
    expect(redactor.clean("at postgres://crosshedge:hunter2-of-mine@postgres:5432/crosshedge")).to.equal("at <url>");
  });

  it("is the key of a node, and not the name of its chain", () => {
    const redactor = hiding(
      "https://rpc.example/ethereum/AbCdEfGhIjKlMnOpQrStUvWx",
      "https://rpc.example/v2/a1b2c3d4e5",
    );
    expect(redactor.clean("vault ethereum-main")).to.equal("vault ethereum-main");
    expect(redactor.clean("key AbCdEfGhIjKlMnOpQrStUvWx and a1b2c3d4e5")).to.equal("key <redacted> and <redacted>");
    expect(hiding("https://name:sesame-open@rpc.example/").clean("sesame-open")).to.equal("<redacted>");
    expect(hiding("https://rpc.example/?apikey=opensesame").clean("opensesame")).to.equal("<redacted>");
    expect(hiding("https://hooks.slack.example/services/T0/B0/OpenSesameNow").clean("OpenSesameNow")).to.equal(
      "<redacted>",
    );
  });

  it("is found as JSON and as a part of an address write it, too", () => {
    const redactor = new Redactor();
    redactor.hide('cor"rect\\horse');
    expect(redactor.clean(JSON.stringify({ error: 'it is cor"rect\\horse' }))).to.equal('{"error":"it is <redacted>"}');
    const database = hiding("postgres://keeper:p%40ss%2Fword1@db.example/journal");
    expect(database.clean("p@ss/word1 or p%40ss%2Fword1")).to.equal("<redacted> or <redacted>");
  });
});
