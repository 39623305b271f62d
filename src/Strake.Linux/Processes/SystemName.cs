namespace Strake.Linux;

/// <summary>What the kernel says of itself (<c>uname(2)</c>).</summary>
/// <param name="System">The system: <c>Linux</c>.</param>
/// <param name="Node">The host's name.</param>
/// <param name="Release">The release: <c>6.1.0-18-amd64</c>.</param>
/// <param name="Version">The build.</param>
/// <param name="Machine">The architecture: <c>x86_64</c>, <c>aarch64</c>.</param>
public sealed record SystemName(string System, string Node, string Release, string Version, string Machine);
