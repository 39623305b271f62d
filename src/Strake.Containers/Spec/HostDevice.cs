using Strake.Containers.Oci;

namespace Strake.Containers.Spec;

/// <summary>A device of the host, looked up.</summary>
/// <param name="Device">What the runtime makes.</param>
/// <param name="Access">What the device cgroup allows: some of <c>rwm</c>.</param>
sealed record HostDevice(OciDevice Device, string Access);
