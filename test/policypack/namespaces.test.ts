import { bucketNamespace } from "../../policypack/rules/bucketNamespace";
import { describeRule } from "./support/cases";
import { resource, unknown } from "./support/resources";

const bucket = (inputs: Record<string, unknown>) => [resource("aws:s3/bucket:Bucket", "orders", inputs)];
const NAME = "orders-111111111111-eu-west-1-an";

describeRule(bucketNamespace, {
  "accepts a name of the global namespace": { program: bucket({ bucket: "orders" }) },
  "accepts a name that the provider makes": { program: bucket({}) },
  "accepts a name of the account-regional namespace in it": {
    program: bucket({ bucket: NAME, bucketNamespace: "account-regional" }),
  },
  "refuses that name in the global namespace": {
    program: bucket({ bucket: NAME }),
    violators: ["orders"],
    messages: ["'bucketNamespace' of 'orders' must be 'account-regional' for a name that ends in '-an'"],
  },
  "refuses another name in the account-regional namespace": {
    program: bucket({ bucket: "orders", bucketNamespace: "account-regional" }),
    violators: ["orders"],
    messages: ["'bucketNamespace' of 'orders' must be 'global' or left out"],
  },
  "refuses a name that ends so without an account and a Region": {
    program: bucket({ bucket: "orders-an", bucketNamespace: "account-regional" }),
    violators: ["orders"],
    messages: ["must be '<prefix>-<account id>-<Region>-an' where it ends in '-an'"],
  },
  "waits for a name that is not known yet": {
    program: bucket({ bucket: unknown }),
    notYet: "'bucket' of 'orders'",
  },
  "judges each of several buckets": {
    program: [...bucket({ bucket: "a" }), resource("aws:s3/bucket:Bucket", "other", { bucket: NAME })],
    violators: ["other"],
  },
});
