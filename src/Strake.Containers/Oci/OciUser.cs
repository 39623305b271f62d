namespace Strake.Containers.Oci;

sealed record OciUser(uint Uid, uint Gid, IReadOnlyList<uint>? AdditionalGids = null);
