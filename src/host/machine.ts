import { machine, release, type } from 'node:os';

/** The machine as the operating system describes it. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** As Node.js names it, such as `x64`. */
  readonly architecture: string;
  /** Kernel name and release, such as `Linux 6.1.0-18-amd64`. */
  readonly kernel: string;
  /** Processor as the kernel names it; differs from `architecture` under emulation. */
  readonly processor: string;
  /** Effective user, undefined on Windows. */
  readonly uid: number | undefined;
}

export const thisMachine: Machine = {
  platform: process.platform,
  architecture: process.arch,
  get kernel() {
    return `${type()} ${release()}`;
  },
  get processor() {
    return machine();
  },
  uid: process.geteuid?.(),
};
