using System.Runtime.InteropServices;

namespace Strake.Linux;

/// <remarks>posix_spawn is used by <see cref="ChildProcess"/> alone.</remarks>
public static unsafe partial class Syscall
{
    // sizeof(posix_spawnattr_t) is 336 and sizeof(posix_spawn_file_actions_t) 80 in glibc on both architectures; room to spare.
    const int SpawnStructSize = 512;

    // sizeof(sigset_t)
    const int SignalSetSize = 128;

    const short SpawnSetProcessGroup = 0x02;   // POSIX_SPAWN_SETPGROUP
    const short SpawnSetSignalDefault = 0x04;  // POSIX_SPAWN_SETSIGDEF
    const short SpawnSetSignalMask = 0x08;     // POSIX_SPAWN_SETSIGMASK
    const short SpawnSetSession = 0x80;        // POSIX_SPAWN_SETSID

    // Steps that the child takes between vfork and exec, in order.
    [StructLayout(LayoutKind.Auto)]
    internal ref struct SpawnPlan
    {
        readonly byte* actions;
        readonly byte* attributes;

        public SpawnPlan()
        {
            actions = (byte*)NativeMemory.AllocZeroed(SpawnStructSize);
            attributes = (byte*)NativeMemory.AllocZeroed(SpawnStructSize);
            Check(posix_spawn_file_actions_init(actions), "posix_spawn_file_actions_init");
            Check(posix_spawnattr_init(attributes), "posix_spawnattr_init");
        }

        public readonly void Duplicate(SafeHandle handle, int descriptor) =>
            Check(
                posix_spawn_file_actions_adddup2(actions, (int)handle.DangerousGetHandle(), descriptor),
                "posix_spawn_file_actions_adddup2");

        public readonly void OpenNull(int descriptor)
        {
            fixed (byte* path = "/dev/null"u8)
                Check(posix_spawn_file_actions_addopen(actions, descriptor, path, (int)OpenFlags.ReadWrite, 0), "posix_spawn_file_actions_addopen");
        }

        public readonly void Close(int descriptor) =>
            Check(posix_spawn_file_actions_addclose(actions, descriptor), "posix_spawn_file_actions_addclose");

        public readonly void CloseFrom(int descriptor) =>
            Check(posix_spawn_file_actions_addclosefrom_np(actions, descriptor), "posix_spawn_file_actions_addclosefrom_np");

        public readonly void ChangeDirectory(string path)
        {
            fixed (byte* bytes = PathBytes.Encode(path))
                Check(posix_spawn_file_actions_addchdir_np(actions, bytes), "posix_spawn_file_actions_addchdir_np");
        }

        // Ignored signals and the mask survive exec: the runtime ignores SIGPIPE, and a child of ours has to die of it as any other.
        public readonly void Begin(bool newSession, bool newProcessGroup)
        {
            var all = stackalloc byte[SignalSetSize];
            var none = stackalloc byte[SignalSetSize];
            new Span<byte>(all, SignalSetSize).Clear();
            new Span<byte>(none, SignalSetSize).Clear();

            // 1 to 64; with 32 and 33, the C library's own, which posix_spawn otherwise leaves ignored in the child.
            *(ulong*)all = ulong.MaxValue;

            var flags = SpawnSetSignalDefault | SpawnSetSignalMask;
            flags |= newSession ? SpawnSetSession : 0;
            flags |= newProcessGroup && !newSession ? SpawnSetProcessGroup : 0;
            Check(posix_spawnattr_setsigdefault(attributes, all), "posix_spawnattr_setsigdefault");
            Check(posix_spawnattr_setsigmask(attributes, none), "posix_spawnattr_setsigmask");
            Check(posix_spawnattr_setflags(attributes, (short)flags), "posix_spawnattr_setflags");
        }

        public readonly int Spawn(string program, NativeStrings arguments, NativeStrings environment, string subject)
        {
            int pid;
            int errno;
            fixed (byte* path = PathBytes.Encode(program))
                errno = posix_spawnp(&pid, path, actions, attributes, arguments.Pointers, environment.Pointers);

            return errno == 0 ? pid : throw new LinuxException((Errno)errno, "posix_spawn", subject);
        }

        // Zeroed memory of a plan that failed half-way can be destroyed too: both are plain frees.
        public readonly void Dispose()
        {
            Check(posix_spawn_file_actions_destroy(actions), "posix_spawn_file_actions_destroy");
            Check(posix_spawnattr_destroy(attributes), "posix_spawnattr_destroy");
            NativeMemory.Free(actions);
            NativeMemory.Free(attributes);
        }

        static void Check(int errno, string call)
        {
            if (errno != 0)
                throw new LinuxException((Errno)errno, call);
        }
    }

    // While SIGCHLD is ignored, which exec hands down, the kernel collects children by itself and nobody learns how they ended.
    internal static void KeepExitStatuses()
    {
        const int sigchld = (int)Signal.SIGCHLD;
        const nint ignored = 1; // SIG_IGN

        // struct sigaction of the C library begins with the handler; 152 bytes on both architectures.
        Span<nint> action = stackalloc nint[32];
        if (sigaction(sigchld, 0, action) < 0)
            throw Failure("sigaction");

        if (action[0] == ignored)
            signal(sigchld, 0);
    }

    [LibraryImport(Libc)]
    private static partial int posix_spawnp(int* pid, byte* file, byte* actions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport(Libc)]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport(Libc)]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport(Libc)]
    private static partial int posix_spawn_file_actions_adddup2(byte* actions, int from, int to);

    [LibraryImport(Libc)]
    private static partial int posix_spawn_file_actions_addopen(byte* actions, int descriptor, byte* path, int flags, uint mode);

    [LibraryImport(Libc)]
    private static partial int posix_spawn_file_actions_addclose(byte* actions, int descriptor);

    [LibraryImport(Libc)]
    private static partial int posix_spawn_file_actions_addclosefrom_np(byte* actions, int descriptor);

    [LibraryImport(Libc)]
    private static partial int posix_spawn_file_actions_addchdir_np(byte* actions, byte* path);

    [LibraryImport(Libc)]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport(Libc)]
    private static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport(Libc)]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport(Libc)]
    private static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* set);

    [LibraryImport(Libc)]
    private static partial int posix_spawnattr_setsigmask(byte* attributes, byte* set);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int sigaction(int signal, nint action, Span<nint> old);

    [LibraryImport(Libc)]
    private static partial nint signal(int signal, nint handler);
}
