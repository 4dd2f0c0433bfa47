/** Whether a service does this where the tenant is, as its vendor says; `no`: what to tell people in place of doing it. */
export type Ability = 'yes' | { readonly no: string };
