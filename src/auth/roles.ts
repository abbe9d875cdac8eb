/** Each may do what those before it may: look; look and command; everything. */
export const roles = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

export const mayAct = (held: Role, needed: Role): boolean => roles.indexOf(held) >= roles.indexOf(needed);
