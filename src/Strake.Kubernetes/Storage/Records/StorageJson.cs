using System.Text.Json.Serialization;

namespace Strake.Kubernetes.Storage;

/// <summary>The records' JSON, generated at compile time.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StorageRecord))]
[JsonSerializable(typeof(StorageName))]
sealed partial class StorageJson : JsonSerializerContext;
