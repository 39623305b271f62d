using System.Text.Json.Serialization;

namespace Strake.Daemon.Composition;

/// <summary>The serializers of Strake's own calls.</summary>
[JsonSerializable(typeof(StoreCheckReport))]
public sealed partial class StoreCheckJson : JsonSerializerContext;
