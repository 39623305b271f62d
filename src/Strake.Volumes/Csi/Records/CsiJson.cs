using System.Text.Json.Serialization;

namespace Strake.Volumes.Records;

/// <summary>The JSON of what the driver <c>strake.csi</c> keeps, generated at compile time.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ServedVolumeRecord))]
[JsonSerializable(typeof(ServedSnapshotRecord))]
[JsonSerializable(typeof(ServedGroupRecord))]
[JsonSerializable(typeof(PublishRecord))]
sealed partial class CsiJson : JsonSerializerContext;
