namespace Strake.Containers.Oci;

sealed record OciSyscall(IReadOnlyList<string> Names, string Action, uint? ErrnoRet = null, IReadOnlyList<OciSyscallArgument>? Args = null);
