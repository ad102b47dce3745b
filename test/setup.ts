/** Loaded before every test: no credentials and no Region from outside, and no error that nobody sees. */
for (const key of Object.keys(process.env)) {
  if (key.startsWith("AWS_") || key.startsWith("PULUMI_")) delete process.env[key];
}

const unhandled: unknown[] = [];
process.on("unhandledRejection", (error) => unhandled.push(error));

export const mochaHooks = {
  /** mocha lets an unhandled rejection pass, and Pulumi's errors often show nowhere else. */
  afterEach() {
    const [first] = unhandled.splice(0);
    if (first !== undefined) throw first instanceof Error ? first : new Error("a promise was rejected");
  },
};
