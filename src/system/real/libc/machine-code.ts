// The few instructions that no library offers: a thread that makes one call after another without JavaScript
// (call-list.ts says which), and one that joins the arguments of a command line by blanks. Position-independent.
import type { Libc } from './koffi.ts';

export type MachineCode = {
  /** void *run(struct call *first): a start routine of pthread_create(3). */
  readonly run: number;
  /** size_t blanks(char *bytes, size_t length): each NUL becomes a blank, but those at the end do not count; the length without them. */
  readonly blanks: number;
  /** long add(long one, long other). */
  readonly add: number;
};

type Code<Bytes> = { readonly bytes: Bytes; readonly blanksOffset: number; readonly addOffset: number };

/** Throws where no code for this processor is known, or no memory may be made executable (V8 needs that too). */
export function loadMachineCode(libc: Libc, processor: string = process.arch): MachineCode {
  const { bytes, blanksOffset, addOffset } = codeFor(processor);
  const mmap = libc.func('uint64_t mmap(uint64_t, size_t, int, int, int, long)');
  const mprotect = libc.func('int mprotect(uint64_t, size_t, int)');
  const memcpy = libc.func('uint64_t memcpy(uint64_t, const uint8_t *, size_t)');
  const page = Number(mmap(0, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0));
  if (page < 0 || page >= MAP_FAILED) throw new Error('no memory for machine code');
  memcpy(page, bytes, bytes.length);
  // Never writable and executable at the same time. The kernel flushes the instruction cache here.
  if (mprotect(page, PAGE_BYTES, PROT_READ | PROT_EXEC) !== 0) {
    throw new Error('memory may not be made executable');
  }
  return { run: page, blanks: page + blanksOffset, add: page + addOffset };
}

/** `run` comes first. */
export function codeFor(processor: string): Code<Buffer> {
  const code = CODE[processor];
  if (code === undefined) throw new Error(`no machine code for the processor ${processor}`);
  return { ...code, bytes: Buffer.from(code.bytes.replace(/#.*|\s+/g, ''), 'hex') };
}

const PAGE_BYTES = 65_536;
const PROT_READ = 1;
const PROT_WRITE = 2;
const PROT_EXEC = 4;
const MAP_PRIVATE_ANONYMOUS = 0x22;
const MAP_FAILED = 2 ** 63;

/**
 * In a child of vfork(2), which runs `run` on its parent's stack, nothing may be pushed: so system calls are made
 * in line, and all state is in one register that the kernel keeps for each of the two.
 */
const CODE: Readonly<Record<string, Code<string>>> = {
  x64: {
    blanksOffset: 0x62,
    addOffset: 0x8b,
    bytes: `
      53 4889fb       # run:    push rbx; mov rbx, rdi
      4885db 7455     # next:   test rbx, rbx; jz done
      488b7b08        #         mov rdi, [rbx+8]
      488b7310        #         mov rsi, [rbx+16]
      488b5318        #         mov rdx, [rbx+24]
      4c8b5320        #         mov r10, [rbx+32]
      4c8b4328        #         mov r8, [rbx+40]
      4c8b4b30        #         mov r9, [rbx+48]
      488b4338        #         mov rax, [rbx+56]
      4c8b1b          #         mov r11, [rbx]
      4d85db 7408     #         test r11, r11; jz system
      4c89d1 41ffd3   #         mov rcx, r10; call r11
      eb02            #         jmp store
      0f05            # system: syscall
      488b4b40 488901 # store:  mov rcx, [rbx+64]; mov [rcx], rax
      488b4b48 488901 #         mov rcx, [rbx+72]; mov [rcx], rax
      4885c0 7808     #         test rax, rax; js below
      740c            #         jz zero
      488b5b60 ebb2   #         mov rbx, [rbx+96]; jmp next
      488b5b50 ebac   # below:  mov rbx, [rbx+80]; jmp next
      488b5b58 eba6   # zero:   mov rbx, [rbx+88]; jmp next
      31c0 5b c3      # done:   xor eax, eax; pop rbx; ret
      4885f6 7420     # blanks: test rsi, rsi; jz end
      807c37ff00 7505 #         cmp byte [rdi+rsi-1], 0; jne begin
      48ffce ebef     #         dec rsi; jmp blanks
      488d0c37        # begin:  lea rcx, [rdi+rsi]
      803f00 7503     # again:  cmp byte [rdi], 0; jne keep
      c60720          #         mov byte [rdi], 32
      48ffc7          # keep:   inc rdi
      4839cf 75f0     #         cmp rdi, rcx; jne again
      4889f0 c3       # end:    mov rax, rsi; ret
      488d0437 c3     # add:    lea rax, [rdi+rsi]; ret`,
  },
  arm64: {
    blanksOffset: 0x78,
    addOffset: 0xb4,
    bytes: `
      fd7bbea9        # run:    stp x29, x30, [sp, #-32]!
      f30b00f9        #         str x19, [sp, #16]
      f30300aa        #         mov x19, x0
      f30200b4        # next:   cbz x19, done
      608640a9        #         ldp x0, x1, [x19, #8]
      628e41a9        #         ldp x2, x3, [x19, #24]
      649642a9        #         ldp x4, x5, [x19, #40]
      681e40f9        #         ldr x8, [x19, #56]
      690240f9        #         ldr x9, [x19]
      690000b4        #         cbz x9, system
      20013fd6        #         blr x9
      02000014        #         b store
      010000d4        # system: svc #0
      692240f9 200100f9 # store: ldr x9, [x19, #64]; str x0, [x9]
      692640f9 200100f9 #        ldr x9, [x19, #72]; str x0, [x9]
      1f0000f1        #         cmp x0, #0
      8b000054        #         b.lt below
      a0000054        #         b.eq zero
      733240f9 eeffff17 #        ldr x19, [x19, #96]; b next
      732a40f9 ecffff17 # below: ldr x19, [x19, #80]; b next
      732e40f9 eaffff17 # zero:  ldr x19, [x19, #88]; b next
      000080d2        # done:   mov x0, #0
      f30b40f9        #         ldr x19, [sp, #16]
      fd7bc2a8 c0035fd6 #        ldp x29, x30, [sp], #32; ret
      a10100b4        # blanks: cbz x1, end
      0300018b        #         add x3, x0, x1
      64f05f38        #         ldurb w4, [x3, #-1]
      64000035        #         cbnz w4, begin
      210400d1        #         sub x1, x1, #1
      fbffff17        #         b blanks
      020480d2        # begin:  mov x2, #32
      04004039        # again:  ldrb w4, [x0]
      44000035        #         cbnz w4, keep
      02000039        #         strb w2, [x0]
      00040091        # keep:   add x0, x0, #1
      1f0003eb        #         cmp x0, x3
      61ffff54        #         b.ne again
      e00301aa c0035fd6 # end:  mov x0, x1; ret
      0000018b c0035fd6 # add:  add x0, x0, x1; ret`,
  },
};
