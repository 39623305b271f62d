using System.Text.Json.Serialization;

namespace Strake.Build;

[JsonSerializable(typeof(CacheEntry))]
[JsonSerializable(typeof(RemoteVersion))]
sealed partial class CacheJson : JsonSerializerContext;
