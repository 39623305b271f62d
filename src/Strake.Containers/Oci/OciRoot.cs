namespace Strake.Containers.Oci;

sealed record OciRoot(string Path, bool Readonly);
