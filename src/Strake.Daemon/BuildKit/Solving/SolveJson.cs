using System.Text.Json.Serialization;

namespace Strake.Daemon.BuildKit.Solving;

/// <summary>The serializers of the JSON that stands in options and details of errors.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(CacheImportBody[]))]
[JsonSerializable(typeof(SourceDetailBody))]
[JsonSerializable(typeof(VertexDetailBody))]
sealed partial class SolveJson : JsonSerializerContext;
