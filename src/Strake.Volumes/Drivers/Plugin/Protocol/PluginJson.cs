using System.Text.Json.Serialization;

namespace Strake.Volumes;

/// <summary>The protocol's JSON, generated at compile time. Names are read as Go reads them, in any case.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(PluginSpecification))]
[JsonSerializable(typeof(PluginActivation))]
[JsonSerializable(typeof(PluginNothing))]
[JsonSerializable(typeof(PluginVolumeName))]
[JsonSerializable(typeof(PluginCreate))]
[JsonSerializable(typeof(PluginMount))]
[JsonSerializable(typeof(PluginOutcome))]
[JsonSerializable(typeof(PluginPath))]
[JsonSerializable(typeof(PluginGot))]
[JsonSerializable(typeof(PluginList))]
[JsonSerializable(typeof(PluginCapabilities))]
sealed partial class PluginJson : JsonSerializerContext;
