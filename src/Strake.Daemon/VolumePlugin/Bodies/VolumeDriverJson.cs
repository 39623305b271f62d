using System.Text.Json.Serialization;

namespace Strake.Daemon.VolumePlugin;

/// <summary>The JSON of the protocol.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(CallBody))]
[JsonSerializable(typeof(AnswerBody))]
sealed partial class VolumeDriverJson : JsonSerializerContext;
