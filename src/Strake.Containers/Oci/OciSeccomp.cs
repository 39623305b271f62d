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
