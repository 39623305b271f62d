using System.Text.Json.Serialization;

namespace Strake.Containers;

/// <summary>
/// Reads and writes this project's records: requests as clients send them (Go reads member names in any case, so does
/// this), and what the state store keeps.
/// </summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, Converters = [typeof(ImageIdConverter)])]
[JsonSerializable(typeof(ContainerConfig))]
[JsonSerializable(typeof(HostSettings))]
[JsonSerializable(typeof(NetworkSettings))]
[JsonSerializable(typeof(ExecRequest))]
[JsonSerializable(typeof(ExecStart))]
[JsonSerializable(typeof(Container))]
[JsonSerializable(typeof(Finding))]
public sealed partial class ContainerJson : JsonSerializerContext;
