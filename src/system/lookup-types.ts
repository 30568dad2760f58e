// What the reading of a pfile asks the host, as types. Each answer has a deadline: the file system, or the directory
// of users, that is asked may hang, and nobody else waits for it.

/** What a file that a pfile names is, following links. */
export type FileKind = 'file' | 'directory' | 'other' | 'missing' | 'unreadable';

/** Who owns a file, and its mode as stat(2) has it, with the bits of its type. */
export type Ownership = {
  readonly uid: number;
  readonly mode: number;
};

/** A symbolic link itself: who owns it and what is written in it. */
export type Link = {
  readonly uid: number;
  readonly target: string;
};

/** Every method rejects with NoAnswerError when no answer comes in time. One object for one reading: it may keep what it has read. */
export type FileLookup = {
  /** The user that this process acts as. */
  readonly ownUid: number;
  /** Text and ownership of one file, through one open descriptor. Rejects as open(2) and read(2) do. */
  readOwned(path: string): Promise<{ readonly text: string; readonly owner: Ownership }>;
  /** Of what the path leads to, or undefined when that is nothing that can be seen. */
  owner(path: string): Promise<Ownership | undefined>;
  /** Undefined when nothing is there that can be seen. */
  link(path: string): Promise<Link | 'no-link' | undefined>;
  /** The uid of a user's name (digits are a uid already), or undefined when nobody has it. */
  userId(name: string): Promise<number | undefined>;
  /** The first bytes of a file as text, or undefined when it cannot be read. */
  readHead(path: string, bytes: number): Promise<string | undefined>;
  kind(path: string): Promise<FileKind>;
  isExecutable(path: string): Promise<boolean>;
  /** For a directory: whether files can be made in it. */
  isWritable(path: string): Promise<boolean>;
  /** The path with all links resolved, or undefined when it leads nowhere. */
  resolve(path: string): Promise<string | undefined>;
};
