namespace Strake.Containers.Oci;

sealed record OciMount(string Destination, string Type, string Source, IReadOnlyList<string> Options);
