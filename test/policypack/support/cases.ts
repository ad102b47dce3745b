import assert from "node:assert/strict";
import { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { judge } from "./judge";
import { ProgramResource } from "./resources";

export interface Case {
  program: readonly ProgramResource[];
  config?: object;
  /** The resources in violation, in the rule's order. @default [] */
  violators?: string[];
  /** What the messages must hold, in order; a string is a part of one message. */
  messages?: string[];
  /** What the rule must name as not known yet. @default nothing */
  notYet?: string;
}

/** Describes one rule by its cases; the sentences are the names of the tests. */
export function describeRule(
  rule: ResourceValidationPolicy | StackValidationPolicy,
  cases: Record<string, Case>,
): void {
  describe(rule.name, () => {
    for (const [sentence, { program, config = {}, violators = [], messages = [], notYet }] of Object.entries(
      cases,
    )) {
      it(sentence, () => {
        const judgement = judge(rule, program, config);
        assert.deepEqual(
          judgement.violations.map((violation) => violation.replace(/:.*$/s, "")),
          violators,
          judgement.violations.join("\n"),
        );
        messages.forEach((message, index) => {
          const said = judgement.violations[index] ?? "nothing";
          assert.ok(said.includes(message), `expected '${message}' in '${said}'`);
        });
        if (notYet === undefined) assert.deepEqual(judgement.notYet, []);
        else
          assert.ok(
            judgement.notYet.join().includes(notYet),
            `expected '${notYet}' in '${judgement.notYet.join()}'`,
          );
      });
    }
  });
}
