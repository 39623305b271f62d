namespace Strake.Containers.Oci;

sealed record OciRlimit(string Type, ulong Hard, ulong Soft);
