namespace Strake.Containers.Oci;

/// <summary><c>linux.seccomp</c>: which system calls the container may make.</summary>
sealed record OciSeccomp
{
    public required string DefaultAction { get; init; }

    public uint? DefaultErrnoRet { get; init; }

    public IReadOnlyList<string>? Architectures { get; init; }

    public IReadOnlyList<string>? Flags { get; init; }

    public required IReadOnlyList<OciSyscall> Syscalls { get; init; }
}

sealed record OciSyscall(IReadOnlyList<string> Names, string Action, uint? ErrnoRet = null, IReadOnlyList<OciSyscallArgument>? Args = null);

sealed record OciSyscallArgument(uint Index, ulong Value, string Op, ulong? ValueTwo = null);
