using System.Text.Json.Serialization;

namespace Strake.Volumes.Records;

/// <summary>The records' JSON, generated at compile time.</summary>
[JsonSerializable(typeof(VolumeRecord))]
[JsonSerializable(typeof(VolumeUseRecord))]
sealed partial class VolumeJson : JsonSerializerContext;
