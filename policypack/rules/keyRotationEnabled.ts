/** The rule 'key-rotation-enabled'. */
import { ResourceValidationArgs } from "@pulumi/policy";
import { nist, tags } from "../frameworks";
import { Resource, types } from "../resources/resource";
import { Answer, Value, describe } from "../resources/values";
import { Unknown } from "../resources/values";
import { resourceRule } from "../rule";

const DEFAULT_PERIOD_DAYS = 365;

export const keyRotationEnabled = resourceRule(
  {
    name: "key-rotation-enabled",
    displayName: "KMS keys rotate",
    description: "Every symmetric customer-managed KMS key rotates, at least once in the period allowed.",
    severity: "medium",
    framework: nist("SC-12", "Cryptographic Key Establishment and Management"),
    tags: tags({
      securityHub: ["KMS.4"],
      cis: ["3.6"],
      nist: ["SC-12", "SC-12(2)", "SC-28(3)"],
      pci: ["3.7.4"],
    }),
    remediationSteps:
      "Set enableKeyRotation to true on the key. Objects that were encrypted before stay readable.",
    url: "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    settings: {
      maximumPeriodDays: {
        type: "integer",
        minimum: 90,
        maximum: 2560,
        default: DEFAULT_PERIOD_DAYS,
        description: "The longest rotationPeriodInDays allowed.",
      },
    },
  },
  types.keys,
  (resource, findings, config) => {
    const maximum = config.number("maximumPeriodDays", DEFAULT_PERIOD_DAYS);
    const rotates = canRotate(resource);
    if (rotates instanceof Unknown) findings.notYet(resource, rotates);
    if (rotates !== true) return;
    findings.mustBe(resource, resource.prop("enableKeyRotation"), {
      allowed: (value) => value === true,
      must: "true",
      write: "enableKeyRotation: true",
    });
    findings.mustBe(resource, resource.prop("rotationPeriodInDays"), {
      // AWS rotates every 365 days where nothing is set.
      allowed: (value) => (isMissing(value) ? DEFAULT_PERIOD_DAYS : Number(value)) <= maximum,
      must: `at most ${maximum}`,
      got: (value) => (isMissing(value) ? `nothing, which means ${DEFAULT_PERIOD_DAYS}` : describe(value)),
      write: `rotationPeriodInDays: ${maximum}`,
    });
  },
  ({ props }: ResourceValidationArgs) => {
    if (!canRotateInputs(props) || Reflect.get(props, "enableKeyRotation") === true) return undefined;
    Reflect.set(props, "enableKeyRotation", true);
    return props;
  },
);

/** KMS rotates only symmetric encryption keys whose material it made itself. */
function canRotate(resource: Resource): Answer {
  const fields = ["customerMasterKeySpec", "keyUsage", "customKeyStoreId", "xksKeyId"].map((name) =>
    resource.prop(name),
  );
  const [spec, usage, store, external] = fields.map((field) => field.value);
  if (!isOneOf(spec, "SYMMETRIC_DEFAULT") || !isOneOf(usage, "ENCRYPT_DECRYPT")) return false;
  if (!isOneOf(store) || !isOneOf(external)) return false;
  return fields.find((field) => field.unknown)?.unknown ?? true;
}

function isOneOf(value: Value, ...allowed: string[]): boolean {
  return (
    value instanceof Unknown || isMissing(value) || (typeof value === "string" && allowed.includes(value))
  );
}

function isMissing(value: Value): boolean {
  return value === undefined || value === null || value === "";
}

function canRotateInputs(props: ResourceValidationArgs["props"]): boolean {
  const spec: unknown = Reflect.get(props, "customerMasterKeySpec");
  const usage: unknown = Reflect.get(props, "keyUsage");
  const stored = ["customKeyStoreId", "xksKeyId"].some((name) => Boolean(Reflect.get(props, name)));
  return (
    (spec ?? "SYMMETRIC_DEFAULT") === "SYMMETRIC_DEFAULT" &&
    (usage ?? "ENCRYPT_DECRYPT") === "ENCRYPT_DECRYPT" &&
    !stored
  );
}
