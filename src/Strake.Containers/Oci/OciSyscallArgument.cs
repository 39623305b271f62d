namespace Strake.Containers.Oci;

sealed record OciSyscallArgument(uint Index, ulong Value, string Op, ulong? ValueTwo = null);
