import { expect } from "chai";
import fc from "fast-check";
import { Agenda } from "../../../keeper/src/fleet/agenda.js";

const names = ["a", "b", "c", "d"];

function agendaOf(due = 0): Agenda {
  const agenda = new Agenda();
  agenda.restart(names, due);
  return agenda;
}

describe("fleet: the agenda of a lane", () => {
  it("gives what is due, longest due first, and each once until its tick has ended", () => {
    const agenda = agendaOf(1000);
    agenda.wake("c", 500);
    expect(agenda.next).to.equal(500);
    expect(agenda.takeDue(499)).to.deep.equal([]);
    expect(agenda.takeDue(1000)).to.deep.equal(["c", "a", "b", "d"]);
    expect(agenda.takeDue(2000)).to.deep.equal([]);
    agenda.begin("a");
    agenda.end("a", 3000);
    expect(agenda.takeDue(2999)).to.deep.equal([]);
    expect(agenda.takeDue(3000)).to.deep.equal(["a"]);
  });

  it("does not lose news that come while a tick is under way", () => {
    const agenda = agendaOf();
    agenda.takeDue(0);
    agenda.begin("a");
    agenda.wake("a", 10);
    agenda.end("a", 3_600_000);
    expect(agenda.takeDue(10)).to.deep.equal(["a"]);
  });

  it("makes one tick of news that come before it begins", () => {
    const agenda = agendaOf();
    agenda.takeDue(0);
    agenda.wake("a", 10);
    agenda.begin("a");
    agenda.end("a", 3_600_000);
    expect(agenda.takeDue(3_599_999)).to.deep.equal([]);
  });

  it("leaves one that failed to the queue's pause, whatever the news", () => {
    const agenda = agendaOf();
    agenda.takeDue(0);
    agenda.begin("a");
    agenda.retry("a");
    agenda.wake("a", 10);
    expect(agenda.takeDue(1e9)).to.deep.equal([]);
    agenda.begin("a");
    agenda.end("a", 20);
    expect(agenda.takeDue(20)).to.deep.equal(["a"]);
  });

  it("in any order of news and ticks never has a vault twice, and never forgets one", () => {
    const step = fc.record({ what: fc.constantFrom("wake", "take", "end", "retry"), who: fc.constantFrom(...names) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const agenda = agendaOf();
        const out = new Set<string>();
        for (const [time, { what, who }] of steps.entries()) {
          if (what === "wake") agenda.wake(who, time);
          if (what === "take") {
            for (const vault of agenda.takeDue(time)) {
              expect(out.has(vault)).to.equal(false);
              out.add(vault);
            }
          }
          if ((what === "end" || what === "retry") && out.has(who)) {
            agenda.begin(who);
            if (what === "end") {
              agenda.end(who, time + 5);
              out.delete(who);
            } else agenda.retry(who);
          }
        }
        expect([...agenda.takeDue(1e9), ...out].sort()).to.deep.equal(names);
      }),
    );
  });
});
