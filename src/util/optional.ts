/** A property, left out where there is no value: AWS's and our own documents have no empty ones. */
export function given<K extends string, V>(name: K, value: V | undefined): { readonly [key in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [key in K]?: V };
}
