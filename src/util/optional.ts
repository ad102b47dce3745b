/** Optional properties of objects: left out where there is no value, since neither AWS's documents nor ours have empty ones. */
export function given<K extends string, V>(name: K, value: V | undefined): { readonly [key in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [key in K]?: V };
}
