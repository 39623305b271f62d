namespace Strake.Containers.Oci;

sealed record OciNamespace(string Type, string? Path = null);
