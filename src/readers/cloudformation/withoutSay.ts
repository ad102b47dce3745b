/** Properties that no request of replication hangs on. */

/** Nobody is asked for what only they need. */
export const WITHOUT_A_SAY: ReadonlySet<string> = new Set([
  "Tags",
  "Description",
  "AccelerateConfiguration",
  "AnalyticsConfigurations",
  "CorsConfiguration",
  "IntelligentTieringConfigurations",
  "InventoryConfigurations",
  "LoggingConfiguration",
  "MetricsConfigurations",
  "NotificationConfiguration",
  "WebsiteConfiguration",
]);

/** They are read for warnings, as far as they are known: nobody is asked for a parameter of theirs. */
export const ONLY_WARNED_OF: ReadonlySet<string> = new Set(["LifecycleConfiguration"]);
