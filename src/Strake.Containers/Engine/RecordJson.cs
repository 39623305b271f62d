using System.Text.Json.Serialization;

namespace Strake.Containers.Engine;

/// <summary>Reads and writes what the state store keeps of containers.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(ImageIdConverter)])]
[JsonSerializable(typeof(ContainerRecord))]
sealed partial class RecordJson : JsonSerializerContext;
