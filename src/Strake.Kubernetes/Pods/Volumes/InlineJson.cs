using System.Text.Json.Serialization;

namespace Strake.Kubernetes.Pods.Volumes;

/// <summary>The record's JSON, generated at compile time.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(InlineRecord))]
sealed partial class InlineJson : JsonSerializerContext;
