/** The rule 'public-access-block-complete'. */
import { ResourceValidationArgs } from "@pulumi/policy";
import { nist, tags } from "../frameworks";
import { types } from "../resources/resource";
import { resourceRule } from "../rule";

export const PUBLIC_ACCESS_SETTINGS = [
  "blockPublicAcls",
  "blockPublicPolicy",
  "ignorePublicAcls",
  "restrictPublicBuckets",
] as const;

export const publicAccessBlockComplete = resourceRule(
  {
    name: "public-access-block-complete",
    displayName: "Public access blocks are complete",
    description: "Every public access block of a bucket turns all four settings on.",
    severity: "high",
    framework: nist("AC-3", "Access Enforcement"),
    tags: tags({
      fsbp: ["S3.8"],
      cis: ["2.1.4"],
      nist: ["AC-3", "AC-4", "AC-6", "AC-21", "SC-7"],
      pci: ["1.4.4"],
    }),
    remediationSteps: "Set all four settings to true. What is left out is false.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
  },
  types.publicAccessBlocks,
  (resource, findings) => {
    for (const setting of PUBLIC_ACCESS_SETTINGS) {
      findings.mustBe(resource, resource.prop(setting), {
        allowed: (value) => value === true,
        must: "true",
        write: `${setting}: true`,
      });
    }
  },
  ({ props }: ResourceValidationArgs) => {
    const open = PUBLIC_ACCESS_SETTINGS.filter((setting) => Reflect.get(props, setting) !== true);
    for (const setting of open) Reflect.set(props, setting, true);
    return open.length > 0 ? props : undefined;
  },
);
