using System.Text.Json.Serialization;

namespace Strake.Containers.Oci;

sealed record OciPids(long Limit);
