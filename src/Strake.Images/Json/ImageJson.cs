using System.Text.Json.Serialization;

namespace Strake.Images;

/// <summary>The JSON contracts of images: exact names, each at most once.</summary>
[JsonSourceGenerationOptions(
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    Converters = [typeof(DigestConverter), typeof(DiffIdConverter), typeof(ImageIdConverter)])]
[JsonSerializable(typeof(ImageConfig))]
[JsonSerializable(typeof(ImageRecord))]
[JsonSerializable(typeof(TagRecord))]
[JsonSerializable(typeof(LayerBlobs))]
[JsonSerializable(typeof(ManifestFields))]
[JsonSerializable(typeof(SavedManifest))]
[JsonSerializable(typeof(SavedIndex))]
[JsonSerializable(typeof(IReadOnlyList<DockerArchiveItem>))]
[JsonSerializable(typeof(SortedDictionary<string, SortedDictionary<string, string>>), TypeInfoPropertyName = "Repositories")]
[JsonSerializable(typeof(IReadOnlyList<string>))]
sealed partial class ImageJson : JsonSerializerContext;
