namespace Strake.Containers.Oci;

sealed record OciConsoleSize(int Height, int Width);
