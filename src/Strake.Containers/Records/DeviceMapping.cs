namespace Strake.Containers;

/// <summary>A device of the host that a container gets.</summary>
/// <param name="PathOnHost">The device, or a directory of devices.</param>
/// <param name="PathInContainer">Where the container sees it.</param>
/// <param name="CgroupPermissions">Some of <c>r</c>, <c>w</c>, <c>m</c>.</param>
public sealed record DeviceMapping(string? PathOnHost, string? PathInContainer, string? CgroupPermissions);
