using System.Text.Json.Serialization;

namespace Strake.Volumes;

/// <summary>The file's JSON, generated at compile time.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LocalFile))]
sealed partial class LocalJson : JsonSerializerContext;
