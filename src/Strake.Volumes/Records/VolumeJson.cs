using System.Text.Json.Serialization;

namespace Strake.Volumes.Records;

/// <summary>The records' JSON, generated at compile time. A record that lacks something cannot be read, and is told of as such.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(VolumeRecord))]
[JsonSerializable(typeof(VolumeUseRecord))]
[JsonSerializable(typeof(MountUseRecord))]
[JsonSerializable(typeof(CsiVolume))]
sealed partial class VolumeJson : JsonSerializerContext;
