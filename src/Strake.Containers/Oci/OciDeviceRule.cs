using System.Text.Json.Serialization;

namespace Strake.Containers.Oci;

sealed record OciDeviceRule(bool Allow, string? Type, long? Major, long? Minor, string Access);
